package org.tallystick.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.agreement.signing.VerifierKey;

class LogKeyFolderTest {

    private static final Hash LEDGER = Hash.of(Bytes.ofUtf8("a ledger"));
    private static final MemberId NORTH = new MemberId("north");

    @TempDir
    Path folder = Path.of(".");

    @Test
    void each_key_is_found_again_with_its_kind_and_signs_under_the_name_of_that() throws Exception {
        LogKeyFolder keys = new LogKeyFolder(folder.resolve("keys"));
        LogKey log = keys.create(LogKey.Kind.LOG, SeedKey.Kind.ED25519);
        LogKey lattice = keys.create(LogKey.Kind.WITNESS, SeedKey.Kind.ML_DSA_44);
        LogKey witness = keys.create(LogKey.Kind.WITNESS, SeedKey.Kind.ED25519);
        LogKey head = keys.create(LogKey.Kind.HEAD, SeedKey.Kind.ED25519);

        assertThat(keys.keys())
                .extracting(key -> key.signer(NORTH, LEDGER).verifierKey())
                .containsExactlyInAnyOrder(
                        new VerifierKey(
                                "tallystick/" + LEDGER.hex(),
                                VerifierKey.Type.ED25519,
                                log.key().publicKey()),
                        new VerifierKey(
                                "north/witness",
                                VerifierKey.Type.ML_DSA_44_COSIGNATURE,
                                lattice.key().publicKey()),
                        new VerifierKey(
                                "north/witness",
                                VerifierKey.Type.ED25519_COSIGNATURE,
                                witness.key().publicKey()),
                        new VerifierKey(
                                "north/head",
                                VerifierKey.Type.ED25519,
                                head.key().publicKey()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log.file())))
                .isEqualTo("rw-------");
    }

    @Test
    void what_others_may_read_or_is_named_after_another_key_is_refused() throws Exception {
        LogKeyFolder keys = new LogKeyFolder(folder);
        LogKey log = keys.create(LogKey.Kind.LOG, SeedKey.Kind.ED25519);
        Path _ = Files.setPosixFilePermissions(log.file(), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(keys::keys).isInstanceOf(KeyFolderException.class).hasMessageContaining("others may read");
        Files.delete(log.file());
        LogKey witness = keys.create(LogKey.Kind.WITNESS, SeedKey.Kind.ED25519);
        Path _ = Files.move(witness.file(), folder.resolve("witness-00000000.pem"));
        assertThatThrownBy(keys::keys).isInstanceOf(KeyFolderException.class).hasMessageContaining("no key of a log");
    }
}
