package org.tallystick.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;

class KeyFolderTest {

    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final MemberId NORTH = new MemberId("north");

    @TempDir
    Path home = Path.of("");

    @Test
    void a_key_is_kept_where_only_its_owner_can_read_it() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        Key key = keys.create(VENDOR, Algorithm.ES256);

        Path file = file(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(names()).containsExactly(key.thumb() + ".pem");
        assertThat(keys.hand(VENDOR).key().key()).isEqualTo(key);
        assertThat(keys.hand(VENDOR, key.thumb().substring(0, 6)).owner()).isEqualTo(VENDOR);
    }

    @Test
    void both_algorithms_are_made_and_read_again() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        Key es256 = keys.create(NORTH, Algorithm.ES256);
        Key ed25519 = keys.create(NORTH, Algorithm.ED25519);

        assertThat(keys.keys(NORTH)).containsExactlyInAnyOrder(es256, ed25519);
        assertThat(ed25519.algorithm()).isEqualTo(Algorithm.ED25519);
        assertThat(keys.owners()).containsExactly(NORTH);
    }

    /// A member's registrar and its parties may share a home.
    @Test
    void owners_do_not_mix() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        Key registrar = keys.create(NORTH, Algorithm.ES256);
        Key vendor = keys.create(VENDOR, Algorithm.ES256);

        assertThat(keys.owners()).containsExactly(NORTH, VENDOR);
        assertThat(keys.keys(NORTH)).containsExactly(registrar);
        assertThat(keys.keys(VENDOR)).containsExactly(vendor);
    }

    @Test
    void no_file_is_ever_written_over() throws IOException {
        Path file = home.resolve("keys/north/one.pem");
        SecretFile.write(file, "first");

        assertThatThrownBy(() -> SecretFile.write(file, "second")).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(file).hasContent("first");
        try (Stream<Path> all = Files.list(file.getParent())) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void which_key_signs_is_never_guessed() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        assertThatThrownBy(() -> keys.hand(VENDOR))
                .isInstanceOf(KeyFolderException.class)
                .hasMessageContaining("no key of north/vendor");
        Key one = keys.create(VENDOR, Algorithm.ES256);
        Key other = keys.create(VENDOR, Algorithm.ES256);
        assertThatThrownBy(() -> keys.hand(VENDOR))
                .isInstanceOfSatisfying(
                        KeyFolderException.class,
                        failure -> assertThat(failure.hint()).contains(one.thumb(), other.thumb()));
        assertThatThrownBy(() -> keys.hand(VENDOR, "")).isInstanceOf(KeyFolderException.class);
    }

    @Test
    void a_key_that_others_can_read_does_not_sign() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ES256);
        Path _ = Files.setPosixFilePermissions(file(key), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> keys.hand(VENDOR))
                .isInstanceOfSatisfying(
                        KeyFolderException.class,
                        failure -> assertThat(failure.hint()).startsWith("chmod 600 "));
    }

    @Test
    void a_file_that_holds_another_key_or_none_is_named() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ES256);
        Path renamed = file(key).resolveSibling("A".repeat(43) + ".pem");
        Path _ = Files.move(file(key), renamed);
        assertThatThrownBy(() -> keys.hand(VENDOR)).hasMessageContaining("another key than its name says");

        Path _ = Files.writeString(renamed, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> keys.hand(VENDOR)).hasMessageContaining("no private key that signs here");
    }

    @Test
    void nothing_a_key_says_of_itself_is_secret() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ED25519);
        List<String> secret = Files.readAllLines(file(key));
        Envelope.Hand hand = keys.hand(VENDOR);

        assertThat(hand.toString() + hand.key() + keys.keys(VENDOR)).doesNotContain(secret.get(1));
    }

    private Path file(Key key) {
        return home.resolve("keys/north/vendor").resolve(key.thumb() + ".pem");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(home.resolve("keys/north/vendor"))) {
            return all.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
