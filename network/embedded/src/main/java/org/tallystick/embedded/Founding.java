package org.tallystick.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/// How a ledger comes into being: keys and block 0 are made aside and then moved into place.
///
/// One rename makes the founding complete; the moves after it are repeated until they are done. So a crash leaves
/// either no ledger or one that the next start finishes, and never a folder whose keys and blocks do not belong
/// together.
final class Founding {
    private final LedgerFiles files;

    Founding(LedgerFiles files) {
        this.files = files;
    }

    void foundUnlessThere(EmbeddedLedger.Settings settings) throws IOException {
        DurableFiles.deleteFolder(files.unfinishedFounding());
        if (!Files.exists(files.founding()) && !Files.exists(files.blocks())) {
            if (Files.exists(files.members())) {
                throw new DamagedLedgerException(files.blocks(), 0, "the file is missing, but its members are there");
            }
            make(settings);
        }
        moveIntoPlace();
    }

    private void make(EmbeddedLedger.Settings settings) throws IOException {
        var aside = new LedgerFiles(files.unfinishedFounding());
        DurableFiles.createFolder(aside.folder());
        Instant now = settings.clock().instant();
        Keyring keys = Keyring.create(settings.members(), now);
        keys.write(aside);
        try (var blocks = new BlockFile(aside.blocks(), DurableFiles.create(aside.blocks()))) {
            long _ = blocks.append(GenesisBlock.of(settings.channel(), keys, settings.batch(), now)
                    .toByteArray());
        }
        DurableFiles.move(aside.folder(), files.founding());
    }

    private void moveIntoPlace() throws IOException {
        if (!Files.exists(files.founding())) {
            return;
        }
        var founded = new LedgerFiles(files.founding());
        move(founded.orderer(), files.orderer());
        move(founded.members(), files.members());
        move(founded.blocks(), files.blocks());
        DurableFiles.deleteFolder(files.founding());
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            DurableFiles.move(from, to);
        }
    }

    static FileChannel open(Path blocks) throws IOException {
        return FileChannel.open(blocks, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
