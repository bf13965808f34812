package org.tallystick.ledger.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.agreement.instruction.LedgerTime;
import org.tallystick.ledger.client.Courier;
import org.tallystick.ledger.client.HttpCourier;
import org.tallystick.ledger.log.ReceiptFile;

/// The receipts of what a command sends, kept in files as they come: one for each request, and more than 5,000
/// instructions need several.
final class KeptReceipts {

    private final Shell shell;
    private final Optional<Path> file;
    private final List<ReceiptFile> kept = new ArrayList<>();

    /// @param file where they are wanted, if they are
    KeptReceipts(Shell shell, Optional<Path> file) {
        this.shell = shell;
        this.file = file;
    }

    void from(Courier courier) throws CommandFailure {
        if (file.isEmpty()) {
            return;
        }
        if (!(courier instanceof HttpCourier http)) {
            throw CommandFailure.cannot("only a gateway gives receipts", "say which: --gateway URL");
        }
        if (Files.exists(file.get())) {
            throw CommandFailure.cannot(file.get() + " is there already", "name another file; nothing was sent");
        }
        http.receipts(this::keep);
    }

    private void keep(ReceiptFile receipt) {
        kept.add(receipt);
        try {
            Path _ = Files.write(name(kept.size()), receipt.octets().toArray(), StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `FILE`, then `FILE.2` and so on.
    private Path name(int number) {
        Path first = file.orElseThrow();
        return number == 1 ? first : first.resolveSibling(first.getFileName() + "." + number);
    }

    void tell() {
        if (file.isEmpty() || shell.json()) {
            return;
        }
        if (kept.isEmpty()) {
            shell.out().println("no receipt: this gateway gave none");
        }
        for (int i = 0; i < kept.size(); i++) {
            ReceiptFile receipt = kept.get(i);
            LedgerTime latest = receipt.items().stream()
                    .map(item -> item.leaf().promised())
                    .max(LedgerTime::compareTo)
                    .orElseThrow();
            shell.out()
                    .println("receipt: " + name(i + 1) + ", of "
                            + receipt.items().size() + ", an answer by " + latest.text() + "; not checked");
        }
    }
}
