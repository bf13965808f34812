package org.tallystick.fabric.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.signing.MemberCertificate;

/// What the authority makes is judged by OpenSSL, which shares no code with it; Fabric judges it in the tests that
/// start
/// a network.
final class AuthorityTest {

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path folder;

    private final Authority authority = Authority.create("north", "ca.north", now);

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private record Ended(int exitCode, String output) {}

    private static Ended openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static void needsOpenssl() {
        boolean found = Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "openssl")));
        assumeTrue(found, "OpenSSL: no openssl on the PATH");
    }

    @Test
    void openssl_accepts_what_the_authority_issued_and_nothing_of_another() throws Exception {
        needsOpenssl();
        Path root = file("root.pem", authority.own().pem());
        Path other =
                file("other.pem", Authority.create("east", "ca.east", now).own().pem());
        Credential user = authority.issue(Request.Identity.of("user", Role.CLIENT), now);
        Path issued = file("user.pem", user.pem());

        assertThat(openssl("verify", "-x509_strict", "-CAfile", root.toString(), issued.toString()))
                .isEqualTo(new Ended(0, issued + ": OK\n"));
        assertThat(openssl("verify", "-CAfile", other.toString(), issued.toString())
                        .exitCode())
                .isNotZero();
    }

    @Test
    void openssl_takes_a_server_s_certificate_for_its_hosts_only_and_a_caller_s_for_no_server() throws Exception {
        needsOpenssl();
        Path root = file("root.pem", authority.own().pem());
        Path server = file(
                "server.pem",
                authority
                        .issue(Request.Server.of("peer0", List.of("peer0.north", "127.0.0.1")), now)
                        .pem());
        Path caller = file(
                "caller.pem", authority.issue(Request.Caller.of("admin"), now).pem());
        String[] serving = {"verify", "-purpose", "sslserver", "-CAfile", root.toString()};

        assertThat(verify(serving, "-verify_hostname", "peer0.north", server)).isZero();
        assertThat(verify(serving, "-verify_ip", "127.0.0.1", server)).isZero();
        assertThat(verify(serving, "-verify_hostname", "peer0.east", server)).isNotZero();
        assertThat(verify(serving, "-verify_ip", "127.0.0.2", server)).isNotZero();
        assertThat(verify(serving, "-verify_depth", "2", caller)).isNotZero();
        assertThat(verify(
                        new String[] {"verify", "-purpose", "sslclient", "-CAfile", root.toString()},
                        "-verify_depth",
                        "2",
                        caller))
                .isZero();
    }

    private static int verify(String[] first, String option, String value, Path file)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(Arrays.asList(first));
        all.addAll(List.of(option, value, file.toString()));
        return openssl(all.toArray(String[]::new)).exitCode();
    }

    @Test
    void openssl_refuses_a_certificate_once_it_is_on_the_list_and_takes_its_neighbor() throws Exception {
        needsOpenssl();
        Credential gone = authority.issue(Request.Identity.of("gone", Role.CLIENT), now);
        Credential stays = authority.issue(Request.Identity.of("stays", Role.CLIENT), now);
        RevocationList list = authority.revoke(List.of(gone.certificate()), BigInteger.TWO, now);
        Path both = file("root-and-list.pem", authority.own().pem() + list.pem());
        String[] checking = {"verify", "-crl_check", "-CAfile", both.toString()};

        assertThat(verify(checking, "-verify_depth", "2", file("stays.pem", stays.pem())))
                .isZero();
        assertThat(verify(checking, "-verify_depth", "2", file("gone.pem", gone.pem())))
                .isNotZero();
        assertThat(openssl(
                                "crl",
                                "-noout",
                                "-text",
                                "-in",
                                file("list.pem", list.pem()).toString())
                        .output())
                .contains("Authority Key Identifier");
        assertThat(list.names(gone.certificate())).isTrue();
        assertThat(list.names(stays.certificate())).isFalse();
        assertThat(list.number()).isEqualTo(BigInteger.TWO);
    }

    @Test
    void openssl_reads_the_key_that_was_written() throws Exception {
        needsOpenssl();
        Credential user = authority.issue(Request.Identity.of("user", Role.CLIENT), now);

        assertThat(openssl(
                                "pkey",
                                "-noout",
                                "-check",
                                "-in",
                                file("user.key", user.keyPem()).toString())
                        .exitCode())
                .isZero();
        assertThat(user).hasToString("CN=user,OU=client,O=north");
    }

    @Test
    void the_rules_see_an_admin_by_the_attribute_alone() {
        Request.Identity plain = Request.Identity.of("user", Role.ADMIN);
        Credential admin = authority.issue(plain.with("tallystick.admin", "true"), now);
        Credential denied = authority.issue(plain.with("tallystick.admin", "false"), now);
        Credential user = authority.issue(plain, now);

        assertThat(MemberCertificate.isAdmin(Bytes.ofUtf8(admin.pem()))).isTrue();
        assertThat(MemberCertificate.isAdmin(Bytes.ofUtf8(denied.pem()))).isFalse();
        assertThat(MemberCertificate.isAdmin(Bytes.ofUtf8(user.pem()))).isFalse();
    }

    @Test
    void a_subject_is_read_as_it_was_written() {
        Credential peer = authority.issue(Request.Identity.of("peer0.north", Role.PEER), now);
        Credential server = authority.issue(Request.Server.of("peer0.north", List.of("peer0.north")), now);

        assertThat(Subject.of(peer.certificate()))
                .isEqualTo(new Subject("north", "peer0.north", Optional.of(Role.PEER)));
        assertThat(Subject.of(server.certificate())).isEqualTo(new Subject("north", "peer0.north", Optional.empty()));
    }

    @Test
    void a_renewed_certificate_has_the_old_key_another_number_and_a_later_end() {
        Request.Identity request = Request.Identity.of("peer0.north", Role.PEER);
        Credential old = authority.issue(request, now.minus(Duration.ofDays(100)));

        Credential renewed = authority.renew(request, old, now);

        assertThat(renewed.certificate().getPublicKey())
                .isEqualTo(old.certificate().getPublicKey());
        assertThat(renewed.certificate().getSerialNumber())
                .isNotEqualTo(old.certificate().getSerialNumber());
        assertThat(renewed.certificate().getNotAfter())
                .isAfter(old.certificate().getNotAfter());
    }

    @Test
    void nothing_is_issued_beyond_the_authority_s_own_end() {
        Request.Identity forever =
                new Request.Identity("user", Role.CLIENT, new TreeMap<>(), Duration.ofDays(100 * 365L));

        assertThatThrownBy(() -> authority.issue(forever, now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("would outlive");
    }
}
