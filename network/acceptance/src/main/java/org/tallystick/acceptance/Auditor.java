package org.tallystick.acceptance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// An outsider who trusts none of those who act: it takes packs and verifies them, in a process of its own.
public final class Auditor {

    private static final String NAME = "auditor";
    private static final AtomicInteger KEPT = new AtomicInteger();

    private final Stand stand;
    private final String name;

    /// @param name of its trust file
    public Auditor(Stand stand, String name) {
        this.stand = stand;
        this.name = name;
    }

    /// Makes a trust file of what the members told it themselves: the ledger id, each member's authority, and when a
    /// member was removed.
    public Path trusts() {
        return trusts(List.of());
    }

    /// The same with the members' keys of the log.
    public Path trusts(List<String> vkeys) {
        Path file = stand.file(name + ".tallytrust");
        List<String> arguments = new ArrayList<>(List.of("trust"));
        vkeys.forEach(vkey -> arguments.addAll(List.of("--vkey", vkey)));
        for (String member : stand.network().members()) {
            arguments.add(member + "=" + stand.network().authority(member));
        }
        stand.network().removed().forEach((member, block) -> {
            arguments.add(member + "=" + stand.network().authority(member));
            arguments.addAll(List.of("--until", member + "=" + (block - 1)));
        });
        arguments.addAll(List.of("--ledger", stand.network().ledger().hex(), "-o", file.toString()));
        stand.run(NAME, arguments.toArray(String[]::new));
        return file;
    }

    /// Has a pack of the whole history written, from the peer of the last member that there is.
    public Path packs(ExampleAgreement agreement) {
        return packs(agreement.id());
    }

    /// @param agreement its id, whose last part names the file
    public Path packs(String agreement) {
        return packs(agreement, ".tallypack", List.of());
    }

    /// A pack of the final form, with what these gateways publish of the log.
    public Path packs(ExampleAgreement agreement, List<URI> gateways) {
        return packs(agreement.id(), ".tallypack", ofLogs(gateways));
    }

    /// A pack of the final form, as a gateway makes it.
    ///
    /// @param name of its file
    public Path fetches(ExampleAgreement agreement, URI gateway, String name) {
        Path pack = stand.file(name + ".tallypack");
        stand.run(NAME, "pack", agreement.id(), "-o", pack.toString(), "--gateway", gateway.toString());
        return pack;
    }

    /// The proof of one posting of a period, by its number in the statement.
    public Path proves(ExampleAgreement agreement, String period, int posting, List<URI> gateways) {
        List<String> options = new ArrayList<>(ofLogs(gateways));
        options.addAll(List.of("--period", period, "--posting", String.valueOf(posting)));
        return packs(agreement.id(), ".tlog-proof", options);
    }

    private static List<String> ofLogs(List<URI> gateways) {
        return gateways.stream()
                .flatMap(gateway -> Stream.of("--log", gateway.toString()))
                .toList();
    }

    private Path packs(String agreement, String ending, List<String> options) {
        Path pack = stand.file(agreement.substring(agreement.lastIndexOf('/') + 1) + ending);
        List<String> arguments = new ArrayList<>(List.of("pack", agreement, "-o", pack.toString()));
        arguments.addAll(options);
        arguments.addAll(stand.network().access(stand.network().members().getLast()));
        stand.run(NAME, arguments.toArray(String[]::new));
        return pack;
    }

    /// Verifies a pack without anything but the trust file; 0: it holds, 1: it does not.
    public Ended verifies(Path pack, Path trust, String... options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("verify", pack.toString(), "--trust", trust.toString()));
        arguments.addAll(List.of(options));
        Ended ended = stand.apart(arguments.toArray(String[]::new));
        keeps(pack, trust);
        return ended;
    }

    /// Copies what was verified to the folder that the property names, if one is named: other verifiers are compared
    /// with this one on these packs.
    private static void keeps(Path pack, Path trust) throws IOException {
        String folder = System.getProperty("tallystick.packs");
        if (folder == null) {
            return;
        }
        Path kept = Files.createDirectories(Path.of(folder));
        String number = "%03d-".formatted(KEPT.incrementAndGet());
        String label = pack.getFileName().toString().replace(".tallypack", "");
        Files.copy(pack, kept.resolve(number + label + ".tallypack"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(trust, kept.resolve(number + label + ".tallytrust"), StandardCopyOption.REPLACE_EXISTING);
    }

    /// A copy of a pack with one bit changed.
    public Path changed(Path pack, int place) throws IOException {
        byte[] bytes = Files.readAllBytes(pack);
        bytes[place] ^= 1;
        Path changed = stand.file("changed.tallypack");
        return Files.write(changed, bytes);
    }
}
