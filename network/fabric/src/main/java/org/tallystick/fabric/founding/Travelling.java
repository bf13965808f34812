package org.tallystick.fabric.founding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.json.JsonReader;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.node.NodeException;

/// A file that goes from admin to admin: JSON that names its form, in one spelling, so that a hash stands for it.
public final class Travelling {

    /// Far above what 32 members with eight orderers each need.
    static final long MAX_BYTES = 4 << 20;

    private Travelling() {}

    static void write(Json.Obj object, Path file) throws IOException {
        OwnerFiles.write(file, object.canonical().toArray());
    }

    static boolean says(String version, Path file) throws IOException {
        return object(file).flatMap(all -> all.findText("version")).equals(Optional.of(version));
    }

    static Json.Obj read(String version, Path file) throws IOException, NodeException {
        Optional<Json.Obj> object =
                object(file).filter(all -> all.findText("version").equals(Optional.of(version)));
        return object.orElseThrow(() -> new NodeException(file + " is no file of the form " + version));
    }

    private static Optional<Json.Obj> object(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new IOException(file + " has " + size + " bytes, more than " + MAX_BYTES);
        }
        return JsonReader.read(Bytes.copyOf(Files.readAllBytes(file)), JsonReader.Profile.FILE)
                        instanceof JsonReader.Value(Json.Obj object)
                ? Optional.of(object)
                : Optional.empty();
    }

    /// What two admins compare on another way than the file came.
    public static Hash hash(Path file) throws IOException {
        return Hash.of(Bytes.copyOf(Files.readAllBytes(file)));
    }
}
