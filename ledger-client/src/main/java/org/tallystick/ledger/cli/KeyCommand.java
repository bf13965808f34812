package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.instruction.Owner;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The keys of the home. No command prints a private key.
@Command(
        name = "key",
        description = "Makes and shows the keys of your home; private keys never leave it.",
        footerHeading = "%nExample:%n",
        footer = "  tally key create north/vendor")
final class KeyCommand {

    private static final String OWNER = "a party such as north/vendor, or a member such as north for its registrar";

    private final Shell shell;

    KeyCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "create",
            description = "Makes a key and prints its thumbprint.",
            footerHeading = "%nExample:%n",
            footer = "  tally key create north/vendor --algorithm Ed25519")
    int create(
            @Parameters(paramLabel = "OWNER", description = OWNER) Owner owner,
            @Option(
                            names = "--algorithm",
                            paramLabel = "ALG",
                            defaultValue = "ES256",
                            description = "ES256 or Ed25519 (default: ${DEFAULT-VALUE})")
                    Algorithm algorithm)
            throws IOException {
        Key key = shell.keys().create(owner, algorithm);
        if (shell.json()) {
            shell.print(encode(owner, key));
        } else {
            shell.out().println(key.kid(owner).text());
        }
        return Tally.DONE;
    }

    @Command(
            name = "show",
            description = "Lists keys with their thumbprints.",
            footerHeading = "%nExample:%n",
            footer = "  tally key show north/vendor")
    int show(
            @Parameters(arity = "0..1", paramLabel = "OWNER", description = "whose; default: all") @Nullable
                    Owner owner)
            throws IOException, KeyFolderException {
        List<Owner> owners = owner == null ? shell.keys().owners() : List.of(owner);
        List<Json> encoded = new ArrayList<>();
        Table table = new Table("OWNER", "ALGORITHM", "THUMBPRINT");
        for (Owner one : owners) {
            for (Key key : shell.keys().keys(one)) {
                table.add(one.text(), key.algorithm().text(), key.thumb());
                encoded.add(encode(one, key));
            }
        }
        if (shell.json()) {
            shell.print(Json.array(encoded));
        } else {
            table.print(shell.out());
        }
        return Tally.DONE;
    }

    private static Json encode(Owner owner, Key key) {
        return Json.object()
                .with("alg", key.algorithm().text())
                .with("key", key.toJson())
                .with("kid", key.kid(owner).text())
                .build();
    }
}
