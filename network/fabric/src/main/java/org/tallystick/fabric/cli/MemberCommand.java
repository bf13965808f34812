package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.channel.ChannelUpdate;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.founding.MemberFile;
import org.tallystick.fabric.founding.Travelling;
import org.tallystick.fabric.network.Channel;
import org.tallystick.fabric.network.LocalNetwork;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Rendering;
import org.tallystick.fabric.pki.MemberKeys;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
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
        description = "Makes a member's keys, admits a member to the network, or removes one.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  tally network member add south.member -o south.update --folder /srv/north")
final class MemberCommand {

    private static final String ALL = "--all-sign";

    private final Shell shell;

    MemberCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "add",
            description = {
                "Writes the update that admits a member, by what it shows of itself (tally network member keys) or, where",
                "all members' keys are here, by its entry of a topology: its keys are made here then. Other members'",
                "admins sign it: tally network update sign.",
                "With --all-sign, for development: every admin signs at once, and the member's nodes are started."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally network member add south.member -o south.update",
                "  tally network member add south.yaml --all-sign",
                "",
                "south.yaml: one entry of a topology's members, without orderers."
            })
    int add(
            @Mixin Site site,
            @Parameters(paramLabel = "FILE", description = "the member") Path file,
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
            boolean shown = MemberFile.is(file);
            Member member =
                    shown ? MemberFile.read(file).member() : MemberFile.member(file.toString(), Files.readString(file));
            Topology after = Site.with(file.toString(), member, before);
            Channel channel = network.channel();
            ChannelUpdate update = shown ? channel.admission(MemberFile.read(file)) : channel.admission(member);
            if (!all) {
                return written(network, update, output, after);
            }
            adopt(network, update);
            if (shown) {
                network.file(after).unpack(site.folder());
            }
            site.changed(after);
            return done(
                    "admitted " + member.name(),
                    member,
                    site.work(shell, after, larger -> larger.up(false))
                            .begun()
                            .ledger()
                            .hex());
        });
    }

    @Command(
            name = "keys",
            description = {
                "Makes a member's keys on its own machine, and writes what it shows to the others to a file that travels.",
                "There is no key in that file. Run again, it makes what is missing and writes the file again."
            },
            footerHeading = "%nExample:%n",
            footer = {
                "  tally network member keys topology.yaml north -o north.member --folder /srv/north",
                "  tally network member keys south.yaml -o south.member --folder /srv/south",
                "",
                "south.yaml: one entry of a topology's members, of a member that wants to be admitted."
            })
    int keys(
            @Mixin Site site,
            @Parameters(paramLabel = "FILE", description = "a topology, or the member alone") Path file,
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "which member, if it is a topology")
                    @Nullable
                    String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            required = true,
                            description = "the file to write")
                    Path output)
            throws IOException, CommandFailure {
        String yaml = Files.readString(file);
        NetworkFolder folder = site.folder();
        try {
            Member member = name == null
                    ? MemberFile.member(file.toString(), yaml)
                    : Site.member(Site.read(file.toString(), yaml), name);
            if (Files.exists(folder.topology()) && !Files.exists(folder.here())) {
                throw CommandFailure.refused(
                        folder.path() + " has the keys of all members of a network",
                        "choose another folder for those of " + member.name());
            }
            List<String> here = new ArrayList<>(
                    Files.exists(folder.here()) ? Files.readAllLines(folder.here()) : List.<String>of());
            if (!here.contains(member.name())) {
                here.add(member.name());
            }
            new MemberKeys(member, folder.member(member.name()), Instant.now()).complete();
            Rendering.show(member, folder);
            OwnerFiles.update(folder.here(), String.join("\n", here) + "\n");
            MemberFile.of(member, folder).write(output);
        } catch (NodeException e) {
            throw Site.failure(e);
        }
        return travels(shell, output, "it goes to the admin who founds the network, or to one who admits a member");
    }

    /// Tells of a file that others need.
    static int travels(Shell shell, Path file, String where) throws IOException {
        String hash = Travelling.hash(file).hex();
        if (shell.json()) {
            shell.print(Json.object()
                    .with("file", file.toString())
                    .with("sha256", hash)
                    .build());
        } else {
            shell.out().println(file + ", sha256 " + hash);
            shell.out().println(where + "; compare the hash on another way than the file goes");
        }
        return 0;
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
            ChannelUpdate update = network.channel().removal(member);
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
            signed = signing.network().channel().sign(signed, other.name());
        }
        signing.network().channel().submit(signed, signing.signing().members().getFirst());
    }

    private int written(LocalNetwork network, ChannelUpdate update, @Nullable Path output, Topology after)
            throws IOException, CommandFailure, NodeException, InterruptedException {
        if (output == null) {
            throw CommandFailure.cannot("no file for the update was named", "name it with -o FILE, or use " + ALL);
        }
        update.write(output);
        Path next = output.resolveSibling(output.getFileName() + ".network");
        network.file(after).write(next);
        if (shell.json()) {
            shell.print(UpdateCommand.json(update, network.channel().changes(update), output));
            return 0;
        }
        shell.out().println(output);
        network.channel().changes(update).forEach(change -> shell.out().println("  " + change));
        shell.out().println("each admin: tally network update sign " + output + " MEMBER");
        shell.out().println("the last:   tally network update submit " + output + " MEMBER");
        shell.out().println("then:       tally network up --network " + next);
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
