package org.tallystick.fabric.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;

final class MemberKeysTest {

    private final Instant now = Instant.now();

    @TempDir
    Path temporary;

    private final Member north =
            switch (TopologyFile.read(TopologyFile.profile("raft").orElseThrow())) {
                case TopologyReading.Read(var topology) -> topology.members().getFirst();
                case TopologyReading.Faulty(var faults) -> throw new AssertionError(faults);
            };

    private MemberFolder folder() {
        return new MemberFolder(temporary.resolve("north"));
    }

    private MemberKeys keysAt(Instant time) {
        return new MemberKeys(north, folder(), time);
    }

    private Map<Path, String> files() throws IOException {
        Map<Path, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder().path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(file, Files.readString(file));
            }
        }
        return all;
    }

    @Test
    void only_the_owner_can_read_what_is_made() throws IOException {
        keysAt(now).complete();

        try (Stream<Path> all = Files.walk(folder().path())) {
            for (Path file : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void what_is_there_stays_and_what_is_missing_is_made() throws IOException {
        keysAt(now).complete();
        Map<Path, String> before = files();
        Path lost = folder().identity(MemberKeys.GATEWAY).certificate();
        Files.delete(lost);

        keysAt(now).complete();

        Map<Path, String> after = files();
        assertThat(after.get(lost)).isNotNull().isNotEqualTo(before.get(lost));
        before.forEach((file, content) -> {
            if (!file.toString().contains("gateway")) {
                assertThat(after).containsEntry(file, content);
            }
        });
    }

    @Test
    void every_identity_that_was_issued_is_on_record_and_a_revoked_one_says_so() throws IOException {
        keysAt(now).complete();
        X509Certificate gateway =
                Credential.certificate(folder().identity(MemberKeys.GATEWAY).certificate());
        X509Certificate registrar =
                Credential.certificate(folder().identity(MemberKeys.REGISTRAR).certificate());

        RevocationList _ = keysAt(now).revoke(List.of(gateway));
        RevocationList second = keysAt(now).revoke(List.of(registrar));

        assertThat(second.names(gateway)).as("a list is complete in itself").isTrue();
        assertThat(second.number()).isEqualTo(2);
        assertThat(keysAt(now).issued())
                .extracting(issued -> issued.subject().name() + " " + issued.revoked())
                .containsExactlyInAnyOrder(
                        "admin false", "registrar true", "gateway true", "orderer0.north false", "peer0.north false");
    }

    @Test
    void the_next_certificate_to_end_comes_first_and_a_renewed_node_moves_back() throws IOException {
        Instant then = now.minus(Request.NODE).plus(Duration.ofDays(10));
        keysAt(then).complete();

        assertThat(keysAt(now).expiries()).isSorted();
        assertThat(keysAt(now).expiries().getFirst().endedAt(now))
                .as("identities of people ended long ago")
                .isTrue();
        assertThat(expiry("peer0.north").soonAt(now)).isTrue();
        assertThat(expiry("peer0.north").endedAt(now)).isFalse();

        keysAt(now).renew(north.peers().getFirst());

        assertThat(expiry("peer0.north").soonAt(now)).isFalse();
        assertThat(expiry("peer0.north, TLS").soonAt(now)).isFalse();
        assertThat(expiry("orderer0.north").soonAt(now)).isTrue();
    }

    private Expiry expiry(String what) throws IOException {
        return keysAt(now).expiries().stream()
                .filter(expiry -> expiry.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_renewed_identity_has_the_key_the_role_and_the_attributes_that_it_had_and_a_later_end() throws IOException {
        keysAt(now).complete();
        MemberFolder.Pair courier = folder().identity("courier");
        Credential old =
                keysAt(now).issue(Request.Identity.of("courier", Role.CLIENT).with("route", "a\"b"), courier);
        Instant later = now.plus(Duration.ofDays(700));

        keysAt(later).renew("courier");
        keysAt(later).renew(MemberKeys.ADMIN);

        Credential renewed = Credential.read(courier.certificate(), courier.key());
        assertThat(renewed.certificate().getPublicKey())
                .isEqualTo(old.certificate().getPublicKey());
        assertThat(Authority.identity(renewed.certificate())).isEqualTo(Authority.identity(old.certificate()));
        assertThat(Authority.identity(renewed.certificate()).attributes()).containsEntry("route", "a\"b");
        assertThat(renewed.certificate().getNotAfter().toInstant())
                .isAfter(later.plus(Request.USER).minusSeconds(2));
        assertThat(Credential.certificate(folder().identity(MemberKeys.ADMIN).certificate())
                        .getNotAfter())
                .isAfter(old.certificate().getNotAfter());
        assertThat(Credential.certificate(folder().adminTls().certificate())
                        .getNotAfter()
                        .toInstant())
                .isAfter(later.plus(Request.NODE).minusSeconds(2));
        assertThat(keysAt(later).issued().stream().map(one -> one.subject().name()))
                .filteredOn("courier"::equals)
                .hasSize(2);
    }
}
