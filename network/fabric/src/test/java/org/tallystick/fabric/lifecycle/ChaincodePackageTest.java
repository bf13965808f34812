package org.tallystick.fabric.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.Program;

final class ChaincodePackageTest {

    private static final ChaincodePackage PACKED = ChaincodePackage.of("tallystick_1-abc", "1-abc");

    @Test
    void the_same_content_gives_the_same_bytes_for_ever() {
        assertThat(ChaincodePackage.of("tallystick_1-abc", "1-abc")).isEqualTo(PACKED);
        assertThat(ChaincodePackage.of("tallystick_1-abd", "1-abd").id()).isNotEqualTo(PACKED.id());
        // What peers installed under this id must be found again by every later release.
        assertThat(PACKED.id())
                .isEqualTo("tallystick_1-abc:e0f759185cfbb2518159a0faa15b2552c9f106b93befb52b323b1da4b9391d22");
    }

    @Test
    void java_s_gzip_reads_what_was_written() throws IOException {
        byte[] tar = new GZIPInputStream(new ByteArrayInputStream(PACKED.file().toArray())).readAllBytes();

        assertThat(tar.length % 512).isZero();
        assertThat(new String(tar, 0, 11, StandardCharsets.US_ASCII)).isEqualTo("code.tar.gz");
    }

    @Test
    void tar_reads_what_was_written(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/tar")), "tar: no /bin/tar");
        Path file = Files.write(folder.resolve("p.tgz"), PACKED.file().toArray());

        String names = Program.of(Path.of("/bin/tar"), "-tzf", file.toString()).run();
        String _ = Program.of(Path.of("/bin/tar"), "-xzf", file.toString(), "-C", folder.toString())
                .run();
        String _ = Program.of(
                        Path.of("/bin/tar"),
                        "-xzf",
                        folder.resolve("code.tar.gz").toString(),
                        "-C",
                        folder.toString())
                .run();

        assertThat(names).isEqualTo("code.tar.gz\nmetadata.json\n");
        assertThat(Files.readString(folder.resolve("metadata.json")))
                .isEqualTo("{\"label\":\"tallystick_1-abc\",\"type\":\"tallystick\"}");
        assertThat(Files.readString(folder.resolve("chaincode.json"))).isEqualTo("{\"version\":\"1-abc\"}");
    }

    @Test
    void fabric_computes_the_same_id(@TempDir Path folder) throws Exception {
        Optional<Binaries> binaries = Binaries.find(System.getenv());
        assumeTrue(binaries.isPresent(), "Fabric: none of its programs were found");
        Path file = Files.write(folder.resolve("p.tgz"), PACKED.file().toArray());
        Path _ = Files.writeString(folder.resolve("core.yaml"), "peer: {}\n");

        String id = Program.of(
                        binaries.orElseThrow().peer(), "lifecycle", "chaincode", "calculatepackageid", file.toString())
                .environment("FABRIC_CFG_PATH", folder)
                .run();

        assertThat(id.strip()).isEqualTo(PACKED.id());
    }

    @Test
    void an_id_ends_with_the_hash_of_the_file() {
        assertThat(PACKED.id())
                .endsWith(":" + Hash.of(Bytes.copyOf(PACKED.file().toArray())).hex());
    }
}
