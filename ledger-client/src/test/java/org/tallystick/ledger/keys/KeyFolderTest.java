package org.tallystick.ledger.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.agreement.instruction.PartyId;
import org.tallystick.agreement.signing.Envelope;
import org.tallystick.agreement.signing.Passphrase;

class KeyFolderTest {

    private static final PartyId VENDOR = new PartyId("north/vendor");
    private static final MemberId NORTH = new MemberId("north");

    private static final Passphrase RIGHT = new Passphrase("correct horse".toCharArray());

    @TempDir
    Path home = Path.of("");

    @Test
    void a_key_is_kept_where_only_its_owner_can_read_it() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        Key key = keys.create(VENDOR, Algorithm.ES256, Optional.empty());

        Path file = file(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(names()).containsExactly(key.thumb() + ".pem");
        assertThat(keys.hand(VENDOR).key().key()).isEqualTo(key);
        assertThat(keys.keys(VENDOR, key.thumb().substring(0, 6))).hasSize(1);
    }

    @Test
    void both_algorithms_are_made_and_read_again() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        Key es256 = keys.create(NORTH, Algorithm.ES256, Optional.empty());
        Key ed25519 = keys.create(NORTH, Algorithm.ED25519, Optional.empty());

        assertThat(keys.keys(NORTH)).extracting(StoredKey::key).containsExactlyInAnyOrder(es256, ed25519);
        assertThat(ed25519.algorithm()).isEqualTo(Algorithm.ED25519);
        assertThat(keys.owners()).containsExactly(NORTH);
    }

    @Test
    void no_thumbprint_looks_like_an_option_where_keys_are_named() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        for (int n = 0; n < 500; n++) {
            assertThat(keys.create(VENDOR, Algorithm.ED25519, Optional.empty()).thumb())
                    .doesNotStartWith("-");
        }
    }

    /// A member's registrar and its parties may share a home.
    @Test
    void owners_do_not_mix() throws Exception {
        KeyFolder keys = new KeyFolder(home);

        Key registrar = keys.create(NORTH, Algorithm.ES256, Optional.empty());
        Key vendor = keys.create(VENDOR, Algorithm.ES256, Optional.empty());

        assertThat(keys.owners()).containsExactly(NORTH, VENDOR);
        assertThat(keys.keys(NORTH)).extracting(StoredKey::key).containsExactly(registrar);
        assertThat(keys.keys(VENDOR)).extracting(StoredKey::key).containsExactly(vendor);
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
        Key one = keys.create(VENDOR, Algorithm.ES256, Optional.empty());
        Key other = keys.create(VENDOR, Algorithm.ES256, Optional.empty());
        assertThatThrownBy(() -> keys.hand(VENDOR))
                .isInstanceOfSatisfying(
                        KeyFolderException.class,
                        failure -> assertThat(failure.hint()).contains(one.thumb(), other.thumb()));
        assertThat(keys.keys(VENDOR, "")).hasSize(2);
    }

    @Test
    void a_key_that_others_can_read_does_not_sign() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ES256, Optional.empty());
        Path _ = Files.setPosixFilePermissions(file(key), PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> keys.hand(VENDOR))
                .isInstanceOfSatisfying(
                        KeyFolderException.class,
                        failure -> assertThat(failure.hint()).startsWith("chmod 600 "));
    }

    @Test
    void a_file_that_holds_another_key_or_none_is_named() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ES256, Optional.empty());
        Path renamed = file(key).resolveSibling("A".repeat(43) + ".pem");
        Path _ = Files.move(file(key), renamed);
        assertThatThrownBy(() -> keys.hand(VENDOR)).hasMessageContaining("another key than its name says");

        Path _ = Files.writeString(renamed, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> keys.hand(VENDOR)).hasMessageContaining("no private key that signs here");
    }

    @Test
    void nothing_a_key_says_of_itself_is_secret() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ED25519, Optional.empty());
        List<String> secret = Files.readAllLines(file(key));
        Envelope.Hand hand = keys.hand(VENDOR);

        assertThat(hand.toString() + hand.key() + keys.keys(VENDOR)).doesNotContain(secret.get(1));
    }

    @Test
    void an_encrypted_key_is_known_without_its_passphrase_and_signs_with_it_alone() throws Exception {
        List<String> asked = new ArrayList<>();
        KeyFolder keys = new KeyFolder(home, key -> {
            asked.add(key);
            return RIGHT;
        });

        Key key = keys.create(VENDOR, Algorithm.ES256, Optional.of(RIGHT));

        assertThat(keys.keys(VENDOR)).singleElement().satisfies(stored -> {
            assertThat(stored.key()).isEqualTo(key);
            assertThat(stored.kept()).isEqualTo(StoredKey.Kept.ENCRYPTED);
        });
        assertThat(asked).isEmpty();
        assertThat(keys.hand(VENDOR).key().key()).isEqualTo(key);
        assertThat(asked).containsExactly(key.kid(VENDOR).text());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(key))))
                .isEqualTo("rw-------");
        assertThat(file(key)).content().contains("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    }

    @Test
    void a_wrong_passphrase_nobody_to_ask_and_a_cut_file_have_a_sentence_each() throws Exception {
        Key key = new KeyFolder(home).create(VENDOR, Algorithm.ED25519, Optional.of(RIGHT));
        KeyFolder wrong = new KeyFolder(home, _ -> new Passphrase("battery staple".toCharArray()));

        assertThatThrownBy(() -> wrong.hand(VENDOR))
                .isInstanceOf(KeyFolderException.class)
                .hasMessage("this is not the passphrase of " + key.kid(VENDOR));
        assertThatThrownBy(() -> new KeyFolder(home).hand(VENDOR)).hasMessageContaining("nobody can be asked");

        String text = Files.readString(file(key));
        Path _ = Files.writeString(file(key), text.substring(0, text.length() / 2));
        assertThatThrownBy(() -> wrong.hand(VENDOR)).hasMessageContaining("cannot be opened: it is damaged");
    }

    /// The line before the key is not encrypted: it does not make another key of it.
    @Test
    void a_file_whose_first_line_states_another_key_does_not_sign() throws Exception {
        KeyFolder keys = new KeyFolder(home, _ -> RIGHT);
        Key one = keys.create(VENDOR, Algorithm.ES256, Optional.of(RIGHT));
        Key other = keys.create(VENDOR, Algorithm.ES256, Optional.of(RIGHT));
        String mixed = Files.readString(file(one)).lines().findFirst().orElseThrow() + "\n"
                + Files.readString(file(other)).lines().skip(1).collect(Collectors.joining("\n"));
        Path _ = Files.writeString(file(one), mixed);

        assertThatThrownBy(() -> keys.hand(keys.keys(VENDOR, one.thumb()).getFirst()))
                .hasMessageContaining("another key than its name says");
        Path _ = Files.writeString(file(one), mixed.lines().skip(1).collect(Collectors.joining("\n")));
        assertThatThrownBy(() -> keys.keys(VENDOR)).hasMessageContaining("no public key in the first line");
    }

    @Test
    void a_key_gets_another_passphrase_or_none_in_its_own_file() throws Exception {
        KeyFolder keys = new KeyFolder(home, _ -> RIGHT);
        Key key = keys.create(VENDOR, Algorithm.ES256, Optional.empty());

        keys.protect(keys.keys(VENDOR).getFirst(), Optional.of(RIGHT));
        StoredKey encrypted = keys.keys(VENDOR).getFirst();
        keys.protect(encrypted, Optional.empty());

        assertThat(encrypted.kept()).isEqualTo(StoredKey.Kept.ENCRYPTED);
        assertThat(keys.keys(VENDOR)).singleElement().satisfies(stored -> {
            assertThat(stored.key()).isEqualTo(key);
            assertThat(stored.kept()).isEqualTo(StoredKey.Kept.UNENCRYPTED);
        });
        assertThat(names()).containsExactly(key.thumb() + ".pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(key))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_key_kept_elsewhere_is_known_and_does_not_sign_here() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key wallet =
                PublicKeys.parse("0x71C7656EC7ab88b098defB751B7401B5f6d8976F").orElseThrow();

        keys.note(VENDOR, wallet);

        assertThat(keys.owners()).containsExactly(VENDOR);
        assertThat(keys.keys(VENDOR)).extracting(StoredKey::key).containsExactly(wallet);
        assertThatThrownBy(() -> keys.hand(VENDOR)).hasMessageContaining("is kept elsewhere");
    }

    @Test
    void a_retired_key_is_put_aside_and_chosen_no_more() throws Exception {
        KeyFolder keys = new KeyFolder(home);
        Key key = keys.create(VENDOR, Algorithm.ES256, Optional.empty());

        keys.retire(keys.keys(VENDOR).getFirst());

        assertThat(keys.keys(VENDOR)).isEmpty();
        assertThat(names()).containsExactly(key.thumb() + ".pem.retired");
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
