package org.tallystick.fabric.cli;

import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Adds `tally network`: what admins of members do with their nodes.
public final class NetworkCommand implements TallyCommand {

    @Override
    public Object command(Shell shell) {
        return new CommandLine(new Group(shell))
                .addSubcommand(new UpCommand(shell))
                .addSubcommand(new FoundCommand(shell))
                .addSubcommand(new DownCommand(shell))
                .addSubcommand(new StatusCommand(shell))
                .addSubcommand(new LogsCommand(shell))
                .addSubcommand(new ImagesCommand(shell))
                .addSubcommand(new DeployCommand(shell))
                .addSubcommand(new RehearseCommand(shell))
                .addSubcommand(new MemberCommand(shell))
                .addSubcommand(new UpdateCommand(shell))
                .addSubcommand(new IdentityCommand(shell));
    }

    @Command(
            name = "network",
            description = "Runs a network of Hyperledger Fabric nodes: brings it up, looks at it, changes it.",
            synopsisSubcommandLabel = "COMMAND",
            footerHeading = "%nExample:%n",
            footer = "  tally network up --folder /tmp/network --trial")
    static final class Group extends KeepingCommand {
        Group(Shell shell) {
            super(shell);
        }
    }
}
