package org.tallystick.fabric.lifecycle;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.rules.Transactions;
import org.tallystick.chaincode.ChaincodeServer;
import org.tallystick.fabric.files.OwnerFiles;

/// The code of a chaincode process: a folder of jars, and a version that follows from every byte of them.
///
/// So members who approve the same version approve the same code.
public record Code(Path folder, String version) {

    /// What the first part of a version says: the line of chaincode, which has its own rules version in `net`.
    private static final String LINE = "1";

    /// What such a process runs.
    public static final String MAIN_CLASS = ChaincodeServer.class.getName();

    private static final int HASH_DIGITS = 16;
    private static final String LIBRARIES = "libraries";

    /// The code in the folder.
    public static Code in(Path folder) throws IOException {
        return new Code(folder, LINE + "-" + hash(folder).hex().substring(0, HASH_DIGITS));
    }

    /// Copies the chaincode that this program itself has to a folder named after its version, below `folder`.
    public static Code ofThisProgram(Path folder) throws IOException {
        return copied(parts(), folder);
    }

    /// Copies everything that this program runs on in the same way.
    public static Code wholeProgram(Path folder) throws IOException {
        return copied(classPathOfThisProgram(), folder);
    }

    private static Code copied(List<Path> parts, Path folder) throws IOException {
        Path unfinished = folder.resolve("new");
        OwnerFiles.delete(unfinished);
        for (Path part : parts) {
            String name = String.valueOf(part.getFileName());
            if (Files.isDirectory(part)) {
                OwnerFiles.copy(part, unfinished.resolve(module(part)));
            } else {
                OwnerFiles.write(unfinished.resolve(name), Files.readAllBytes(part));
            }
        }
        Code code = in(unfinished);
        return code.moved(folder.resolve(code.version()));
    }

    /// Copies code from elsewhere in the same way.
    public static Code copied(Path from, Path folder) throws IOException {
        Path unfinished = folder.resolve("new");
        OwnerFiles.delete(unfinished);
        OwnerFiles.copy(from, unfinished);
        Code code = in(unfinished);
        return code.moved(folder.resolve(code.version()));
    }

    private Code moved(Path to) throws IOException {
        if (Files.exists(to)) {
            OwnerFiles.delete(folder);
        } else {
            Path _ = Files.move(folder, to);
        }
        return new Code(to, version);
    }

    /// The class path of a process that runs it.
    public String classPath() throws IOException {
        return OwnerFiles.list(folder).stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /// Our two modules, wherever they are, and the libraries that they name, from the class path.
    private static List<Path> parts() throws IOException {
        List<Path> parts = new ArrayList<>(List.of(source(Transactions.class), source(ChaincodeServer.class)));
        Set<String> wanted = new TreeSet<>(libraries());
        for (Path path : classPathOfThisProgram()) {
            if (wanted.remove(String.valueOf(path.getFileName()))) {
                parts.add(path);
            }
        }
        if (!wanted.isEmpty()) {
            throw new IOException("the class path of this program lacks " + String.join(", ", wanted));
        }
        return parts;
    }

    private static List<Path> classPathOfThisProgram() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    private static List<String> libraries() throws IOException {
        try (InputStream in = ChaincodeServer.class.getResourceAsStream(LIBRARIES)) {
            if (in == null) {
                throw new IllegalStateException("the chaincode does not say which libraries it needs");
            }
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return Arrays.stream(all.split(":", -1))
                    .map(path -> path.substring(path.lastIndexOf('/') + 1))
                    .toList();
        }
    }

    private static Path source(Class<?> of) {
        try {
            return Path.of(
                    of.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class that comes from nowhere: " + of, e);
        }
    }

    /// A module that was compiled but not packed is called by its folder: `…/agreement/target/classes`.
    private static String module(Path classes) {
        Path target = classes.getParent();
        Path module = target == null ? null : target.getParent();
        return module == null ? String.valueOf(classes.getFileName()) : String.valueOf(module.getFileName());
    }

    private static Hash hash(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> sorted = files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> folder.relativize(file).toString()))
                    .toList();
            if (sorted.isEmpty()) {
                throw new IOException("there is no code in " + folder);
            }
            for (Path file : sorted) {
                all.append(Hash.of(Bytes.copyOf(Files.readAllBytes(file))).hex())
                        .append("  ")
                        .append(folder.relativize(file))
                        .append('\n');
            }
        }
        return Hash.of(Bytes.ofUtf8(all.toString()));
    }
}
