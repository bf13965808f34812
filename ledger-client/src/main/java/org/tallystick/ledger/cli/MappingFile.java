package org.tallystick.ledger.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.ledger.file.Mapping;
import org.tallystick.ledger.file.MappingReader;

/// The file that says what the columns of a CSV mean.
final class MappingFile {

    private MappingFile() {}

    static Optional<Mapping> read(Shell shell, @Nullable Path path) throws IOException, CommandFailure {
        if (path == null) {
            return Optional.empty();
        }
        return switch (MappingReader.read(shell.read(path))) {
            case MappingReader.Reading.Read(var read) -> Optional.of(read);
            case MappingReader.Reading.Wrong(var at, var sentence) ->
                throw CommandFailure.cannot(
                        path + " is no mapping: " + at + " " + sentence, "the form is docs/spec/mapping-1.md");
        };
    }
}
