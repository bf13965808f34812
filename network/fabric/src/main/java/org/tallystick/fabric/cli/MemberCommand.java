package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.channel.ChannelUpdate;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.TopologyFile;
import org.tallystick.fabric.topology.TopologyReading;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Who is a member is decided by the members: the commands write an update that their admins sign.
@Command(
        name = "member",
        description = "Admits a member to the network, or removes one.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  tally network member add south.yaml -o south.update --folder /tmp/network")
final class MemberCommand {

    private static final String ALL = "--all-sign";

    private final Shell shell;

    MemberCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "add",
            description = {
                "Writes the update that admits a member. Other members' admins sign it: tally network update sign.",
                "With --all-sign, for development: every admin whose key is here signs at once, and the member's nodes",
                "are started."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally network member add south.yaml -o south.update",
                "  tally network member add south.yaml --all-sign",
                "",
                "south.yaml: one entry of a topology's members, without orderers."
            })
    int add(
            @Mixin Site site,
            @Parameters(paramLabel = "FILE", description = "the member and its peers") Path file,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "the update to write")
                    @Nullable
                    Path output,
            @Option(names = ALL, description = "all admins sign here and now") boolean all)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        Topology after = read(site, file);
        Member member = after.members().getLast();
        return site.work(shell, network -> {
            ChannelUpdate update = network.admission(member);
            if (!all) {
                return written(network, update, output, after);
            }
            adopt(network, update);
            site.changed(after);
            return done(
                    "admitted " + member.name(),
                    member,
                    site.work(shell, after, larger -> larger.up(false).ledger().hex()));
        });
    }

    private static Topology read(Site site, Path file) throws IOException, CommandFailure {
        Topology before = site.topology()
                .orElseThrow(() -> CommandFailure.cannot(
                        "there is no network in " + site.folder().path(), "make one: tally network up"));
        return switch (TopologyFile.readMember(Files.readString(file), before)) {
            case TopologyReading.Read(var topology) -> topology;
            case TopologyReading.Faulty(var faults) ->
                throw CommandFailure.cannot(file + " does not describe a new member: "
                        + String.join(
                                "; ",
                                faults.stream().map(Topology.Fault::toString).toList()));
        };
    }

    @Command(
            name = "remove",
            description = {
                "Writes the update that removes a member. Other members' admins sign it: tally network update sign.",
                "With --all-sign, for development: the admins of the others sign at once, and the member's nodes stop."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally network member remove west -o without-west.update")
    int remove(
            @Mixin Site site,
            @Parameters(paramLabel = "MEMBER") String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "the update to write")
                    @Nullable
                    Path output,
            @Option(names = ALL, description = "all admins sign here and now") boolean all)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        return site.work(shell, network -> {
            Topology before = network.topology();
            Member member = Site.member(before, name);
            ChannelUpdate update = network.removal(member);
            Topology after = before.withMembers(before.members().stream()
                    .filter(other -> !other.equals(member))
                    .toList());
            int orderers = after.orderers().size();
            if (orderers > 1 && after.consensus().tolerated(orderers) == 0) {
                shell.note("with " + orderers + " orderers the channel stands still as soon as one of them does");
            }
            if (!all) {
                return written(network, update, output, after);
            }
            adopt(new Signing(network, after), update);
            int _ = network.stop(member);
            site.changed(after);
            return done("removed " + name, member, "");
        });
    }

    /// The members that sign, and the network they do it on.
    private record Signing(LocalNetwork network, Topology signing) {}

    private void adopt(LocalNetwork network, ChannelUpdate update)
            throws IOException, NodeException, InterruptedException {
        adopt(new Signing(network, network.topology()), update);
    }

    private void adopt(Signing signing, ChannelUpdate update) throws IOException, NodeException, InterruptedException {
        shell.note("a shortcut for development: "
                + String.join(", ", signing.signing().memberNames()) + " sign at once, since all their keys are here");
        ChannelUpdate signed = update;
        for (Member other : signing.signing().members()) {
            signed = signing.network().sign(signed, other.name());
        }
        signing.network().submit(signed, signing.signing().members().getFirst());
    }

    private int written(LocalNetwork network, ChannelUpdate update, @Nullable Path output, Topology after)
            throws IOException, CommandFailure, NodeException, InterruptedException {
        if (output == null) {
            throw CommandFailure.cannot("no file for the update was named", "name it with -o FILE, or use " + ALL);
        }
        update.write(output);
        Path topology = output.resolveSibling(output.getFileName() + ".topology.yaml");
        Files.writeString(topology, TopologyFile.text(after));
        if (shell.json()) {
            shell.print(UpdateCommand.json(update, network.changes(update), output));
            return 0;
        }
        shell.out().println(output);
        network.changes(update).forEach(change -> shell.out().println("  " + change));
        shell.out().println("each admin: tally network update sign " + output + " MEMBER");
        shell.out().println("the last:   tally network update submit " + output + " MEMBER");
        shell.out().println("then:       tally network up --topology " + topology);
        return 0;
    }

    private int done(String what, Member member, String ledger) {
        if (shell.json()) {
            shell.print(Json.object()
                    .with("done", what)
                    .with("ledger", ledger)
                    .with("member", member.name())
                    .build());
        } else {
            shell.out().println(what);
        }
        return 0;
    }
}
