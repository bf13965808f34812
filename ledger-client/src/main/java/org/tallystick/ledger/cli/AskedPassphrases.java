package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.signing.Passphrase;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.Passphrases;

/// Passphrases from a file, else from the environment, else from the person at the terminal: each is asked for once in
/// a
/// run, and a new one twice.
final class AskedPassphrases implements Passphrases {

    static final String VARIABLE = "TALLYSTICK_PASSPHRASE";
    static final int SHORTEST = 8;
    static final int LONGEST = 1024;

    private static final String ELSE = "--passphrase-file FILE, or " + VARIABLE + " in the environment, gives it";

    private final Terminal terminal;
    private final Map<String, Passphrase> known = new HashMap<>();

    @Nullable
    Path file;

    AskedPassphrases(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Passphrase of(String key) throws KeyFolderException {
        Passphrase before = known.get(key);
        if (before != null) {
            return before;
        }
        Optional<Passphrase> given = given();
        Passphrase passphrase = given.isPresent()
                ? given.get()
                : terminal.secret("Passphrase of " + key + ": ")
                        .map(Passphrase::new)
                        .orElseThrow(() -> new KeyFolderException(
                                "the key " + key + " is encrypted, and there is no terminal to ask at", ELSE));
        known.put(key, passphrase);
        return passphrase;
    }

    /// A key was made with this passphrase: it is not asked for again.
    void know(String key, Passphrase passphrase) {
        known.put(key, passphrase);
    }

    /// The passphrase of a key that is made.
    Passphrase fresh(String key) throws KeyFolderException {
        Optional<Passphrase> given = given();
        return given.isPresent() ? checked(given.get()) : askedTwice(key);
    }

    /// The passphrase that is to take the place of another.
    Passphrase next(String key, @Nullable Path newFile) throws KeyFolderException {
        return newFile == null ? askedTwice(key) : checked(read(newFile));
    }

    private Passphrase askedTwice(String key) throws KeyFolderException {
        Passphrase first = asked("New passphrase for the key of " + key + ": ");
        Passphrase again = asked("The same once more: ");
        if (!first.isSameAs(again)) {
            throw new KeyFolderException("the two passphrases differ", "nothing was written; try again");
        }
        return checked(first);
    }

    private Passphrase asked(String question) throws KeyFolderException {
        return terminal.secret(question)
                .map(Passphrase::new)
                .orElseThrow(() -> new KeyFolderException(
                        "a key is kept encrypted, and there is no terminal to ask for a passphrase at",
                        ELSE + "; --unencrypted keeps the key without one"));
    }

    private static Passphrase checked(Passphrase passphrase) throws KeyFolderException {
        if (passphrase.length() < SHORTEST) {
            throw new KeyFolderException(
                    "the passphrase has " + passphrase.length() + " characters, and at least " + SHORTEST
                            + " are needed",
                    "some words that nobody else puts together are easy to keep and hard to guess");
        }
        return passphrase;
    }

    private Optional<Passphrase> given() throws KeyFolderException {
        Path path = file;
        if (path == null) {
            return terminal.environment(VARIABLE).map(text -> new Passphrase(text.toCharArray()));
        }
        return Optional.of(read(path));
    }

    private static Passphrase read(Path path) throws KeyFolderException {
        try {
            String line = Files.readString(path, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (line.isEmpty() || line.length() > LONGEST) {
                throw new KeyFolderException(
                        "no passphrase in the first line of " + path, "it has 1 to " + LONGEST + " characters");
            }
            return new Passphrase(line.toCharArray());
        } catch (IOException e) {
            throw new KeyFolderException(
                    "the passphrase in " + path + " cannot be read: " + e, "is it the right file?");
        }
    }
}
