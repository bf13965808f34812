package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.channel.ChannelUpdate;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// What goes from admin to admin.
@Command(
        name = "update",
        description = "Shows, signs or submits a change of the channel that several members must sign.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  tally network update show south.update")
final class UpdateCommand {

    private final Shell shell;

    UpdateCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "show",
            description = "Shows what an update would change, and who has signed it.",
            footerHeading = "%nExample:%n",
            footer = "  tally network update show south.update")
    int show(@Mixin Site site, @Parameters(paramLabel = "FILE") Path file)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        return site.work(shell, network -> print(network, ChannelUpdate.read(file), file));
    }

    @Command(
            name = "sign",
            description = "Adds the signature of a member's admin. Show it first: nobody should sign blindly.",
            footerHeading = "%nExample:%n",
            footer = "  tally network update sign south.update east --folder /srv/east")
    int sign(
            @Mixin Site site,
            @Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "MEMBER") String name)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        return site.work(shell, network -> {
            ChannelUpdate signed = network.channel()
                    .sign(
                            ChannelUpdate.read(file),
                            Site.member(network.topology(), name).name());
            signed.write(file);
            return print(network, signed, file);
        });
    }

    @Command(
            name = "submit",
            description = "Signs an update as the last admin and sends it to the orderers.",
            footerHeading = "%nExample:%n",
            footer = "  tally network update submit south.update north")
    int submit(
            @Mixin Site site,
            @Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "MEMBER") String name)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        return site.work(shell, network -> {
            ChannelUpdate update = ChannelUpdate.read(file);
            List<String> changes = network.channel().changes(update);
            network.channel().submit(network.channel().sign(update, name), Site.member(network.topology(), name));
            if (shell.json()) {
                shell.print(json(update, changes, file));
            } else {
                shell.out().println("adopted: " + String.join(", ", changes));
            }
            return 0;
        });
    }

    private int print(LocalNetwork network, ChannelUpdate update, Path file)
            throws IOException, NodeException, InterruptedException {
        List<String> changes = network.channel().changes(update);
        if (shell.json()) {
            shell.print(json(update, changes, file));
            return 0;
        }
        shell.out().println(file + ", for channel " + update.channel());
        changes.forEach(change -> shell.out().println("  " + change));
        shell.out()
                .println(
                        update.signers().isEmpty()
                                ? "signed by nobody yet"
                                : "signed by " + String.join(", ", update.signers()));
        return 0;
    }

    static Json json(ChannelUpdate update, List<String> changes, Path file) throws NodeException {
        return Json.object()
                .with("changes", Json.texts(changes))
                .with("channel", update.channel())
                .with("file", file.toString())
                .with("signers", Json.texts(update.signers()))
                .build();
    }
}
