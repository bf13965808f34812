package org.tallystick.ledger.cli;

import static org.tallystick.ledger.cli.ReportCommand.given;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.AgreementId;
import org.tallystick.agreement.json.Json;
import org.tallystick.ledger.client.AgreementView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists what an agreement pins by hash, and looks for it in a folder.
@Command(
        name = "attachments",
        description = {
            "Lists the attachments that a version pins by hash; they are kept off the ledger.",
            "With --check says which files of a folder are these, by content and not by name; exit code 1 if one lacks."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally agreement attachments north/vendor/reseller --check contracts/")
final class AgreementAttachmentsCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "AGREEMENT")
    @Nullable
    AgreementId agreement;

    @Option(
            names = "--of-version",
            paramLabel = "HASH",
            description = "by at least 8 digits of its hash (default: the newest, else the one on offer)")
    @Nullable
    HashName version;

    @Option(names = "--check", paramLabel = "DIR", description = "a folder to look in")
    @Nullable
    Path folder;

    AgreementAttachmentsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        AgreementAtHand at = AgreementAtHand.of(shell, given(agreement));
        AgreementView.VersionView shown = version == null ? at.view().shown().orElseThrow() : at.any(version);
        List<Json> pinned = shown.json().has("attachments") ? shown.json().items("attachments") : List.of();
        TreeMap<String, String> found = new TreeMap<>();
        if (folder != null) {
            look(folder, pinned, found);
        }
        Table table = new Table("NAME", ">SIZE", "HASH", folder == null ? "" : "FILE");
        List<Json> encoded = new ArrayList<>();
        boolean missing = false;
        for (Json item : pinned) {
            Json.Obj attachment = (Json.Obj) item;
            String path = found.getOrDefault(attachment.text("hash"), "");
            missing |= path.isEmpty();
            table.add(
                    attachment.text("name"),
                    Long.toString(attachment.whole("size")),
                    attachment.text("hash"),
                    folder == null ? "" : path.isEmpty() ? "not there" : path);
            TreeMap<String, Json> members = new TreeMap<>(attachment.members());
            if (!path.isEmpty()) {
                members.put("file", Json.text(path));
            }
            encoded.add(new Json.Obj(members));
        }
        if (shell.json()) {
            shell.print(Json.array(encoded));
        } else if (pinned.isEmpty()) {
            shell.out().println("version " + HashName.shown(shown.hash()) + " has no attachments");
        } else {
            table.print(shell.out());
        }
        return folder != null && missing ? Tally.REFUSED : Tally.DONE;
    }

    /// Only files of a size that is looked for are read.
    private static void look(Path folder, List<Json> pinned, Map<String, String> found) throws IOException {
        List<Long> sizes =
                pinned.stream().map(item -> ((Json.Obj) item).whole("size")).toList();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (sizes.contains(Files.size(file))) {
                    Hash hash = EvidenceFile.of(file).hash();
                    String _ = found.putIfAbsent(hash.hex(), file.toString());
                }
            }
        }
    }
}
