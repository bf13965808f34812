package org.tallystick.fabric.lifecycle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.json.Json;

/// What a peer installs: the version of the code. The code itself, and the way to its process, lie beside the
/// peer; so all members install the same package, and who approves it approves the code.
///
/// The same content gives the same bytes, since a peer knows a package by the hash of its bytes: so tar and gzip are
/// written here, with no date, no owner and nothing compressed.
public record ChaincodePackage(String label, Bytes file) {

    private static final int TAR_BLOCK = 512;
    private static final int LARGEST_STORED = 0xffff;
    private static final int BYTE = 0xff;
    private static final int BITS = 8;

    /// @param version of the code
    public static ChaincodePackage of(String label, String version) {
        Json.Obj metadata =
                Json.object().with("label", label).with("type", "tallystick").build();
        Json.Obj chaincode = Json.object().with("version", version).build();
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("code.tar.gz", gzip(tar(new TreeMap<>(Map.of("chaincode.json", bytes(chaincode))))));
        files.put("metadata.json", bytes(metadata));
        return new ChaincodePackage(label, Bytes.copyOf(gzip(tar(files))));
    }

    /// By which a peer knows the package.
    public String id() {
        return label + ":" + Hash.of(file).hex();
    }

    private static byte[] bytes(Json json) {
        return json.canonical().toArray();
    }

    private static byte[] tar(SortedMap<String, byte[]> files) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        files.forEach((name, content) -> {
            all.writeBytes(header(name, content.length));
            all.writeBytes(Arrays.copyOf(content, (content.length + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK));
        });
        all.writeBytes(new byte[2 * TAR_BLOCK]);
        return all.toByteArray();
    }

    /// POSIX ustar: fields at fixed places, numbers in octal.
    private static byte[] header(String name, int size) {
        byte[] header = new byte[TAR_BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, octal(size, 11) + "\0");
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & BYTE;
        }
        put(header, 148, octal(sum, 6) + "\0 ");
        return header;
    }

    private static String octal(int number, int digits) {
        String text = Integer.toOctalString(number);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    /// RFC 1952 around stored blocks of RFC 1951.
    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) BYTE});
        int at = 0;
        do {
            int length = Math.min(LARGEST_STORED, content.length - at);
            all.write(at + length == content.length ? 1 : 0);
            little(all, length, 2);
            little(all, ~length, 2);
            all.write(content, at, length);
            at += length;
        } while (at < content.length);
        CRC32 crc = new CRC32();
        crc.update(content);
        little(all, (int) crc.getValue(), 4);
        little(all, content.length, 4);
        return all.toByteArray();
    }

    private static void little(ByteArrayOutputStream out, int value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write(value >>> (i * BITS) & BYTE);
        }
    }
}
