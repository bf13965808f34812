package org.tallystick.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;

/// Chaincode with other rules than the approved one: some of its sources are changed and compiled, and stand before
/// the rest.
final class ChangedCode {

    private static final Path SOURCES = Path.of("../../contracts/agreement/src/main/java/org/tallystick/agreement");
    /// On the class path, what comes first counts.
    private static final String FIRST = "0";

    private final Path folder;

    /// @param approved the code to begin with
    /// @param folder a new one
    ChangedCode(Path approved, Path folder) throws IOException {
        this.folder = folder;
        OwnerFiles.copy(approved, folder);
    }

    Path folder() {
        return folder;
    }

    /// Exchanges one piece of a source for another.
    ///
    /// @param source as `numbers/Rounding`
    ChangedCode with(String source, String before, String after) throws IOException {
        String text = Files.readString(SOURCES.resolve(source + ".java"));
        assertThat(text).containsOnlyOnce(before);
        Path changed = folder.resolveSibling("sources").resolve(source + ".java");
        OwnerFiles.write(changed, text.replace(before, after));
        Path classes = OwnerFiles.folder(folder.resolve(FIRST));
        List<String> arguments = List.of(
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                Code.in(folder).classPath() + File.pathSeparator + System.getProperty("java.class.path"),
                changed.toString());
        int exitCode = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(exitCode).as("the compiler's").isZero();
        return this;
    }
}
