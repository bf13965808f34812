package org.tallystick.ledger.cli;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.instruction.ActKind;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.Registrar;
import org.tallystick.ledger.keys.KeyFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a member's admin does.
@Command(
        name = "member",
        description = "Registers the key with which a member enrolls parties.",
        footerHeading = "%nExample:%n",
        footer = "  tally member register north --identity /srv/ledger/members/north")
final class MemberCommand {

    private final Shell shell;

    MemberCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "register",
            description = {
                "Registers the registrar key of a member, which lies in the home.",
                "Needs the member's admin identity: admin.pem and admin.key in the folder --identity."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally key create north --home /srv/north/registrar",
                "  tally member register north --home /srv/north/registrar --identity /srv/ledger/members/north"
            })
    int register(
            @Parameters(paramLabel = "MEMBER") MemberId member,
            @Option(names = "--name", paramLabel = "TEXT", description = "a name to show") @Nullable String name)
            throws IOException, LedgerException, KeyFolderException, CommandFailure {
        Registrar registrar = new Registrar(
                member, shell.hands(shell.keys(), member, ActKind.REGISTER_REGISTRAR), shell.desk(shell.admin()));
        return new Answers(shell).print(registrar.register(Optional.ofNullable(name)));
    }
}
