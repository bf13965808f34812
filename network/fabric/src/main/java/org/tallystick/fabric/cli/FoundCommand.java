package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.founding.MemberFile;
import org.tallystick.fabric.founding.NetworkFile;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "found",
        description = {
            "Founds a network of members with machines of their own: makes the first block, once and for ever, and writes",
            "what every host needs to one file. One admin does this for all; no key is needed for it."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally network found topology.yaml north.member east.member west.member -o agreements.network")
final class FoundCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "TOPOLOGY", index = "0", description = "who is a member and what each runs")
    private Path topology = Path.of("");

    @Parameters(paramLabel = "MEMBER", index = "1..*", arity = "1..*", description = "what each shows")
    private List<Path> members = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "the file to write")
    private Path output = Path.of("");

    FoundCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandFailure, InterruptedException {
        if (Files.exists(output)) {
            throw CommandFailure.refused(
                    output + " is there already", "a network is founded once; for another, name another file");
        }
        Topology read = Site.read(topology.toString(), Files.readString(topology));
        Path work = Files.createTempDirectory("tallystick-founding");
        try {
            List<MemberFile> shown = new ArrayList<>();
            for (Path member : members) {
                shown.add(MemberFile.read(member));
            }
            NetworkFile.found(read, shown, Site.binaries(), new NetworkFolder(work))
                    .write(output);
        } catch (NodeException e) {
            throw Site.failure(e);
        } finally {
            OwnerFiles.delete(work);
        }
        return MemberCommand.travels(shell, output, "it goes to every member: tally network up --network FILE");
    }
}
