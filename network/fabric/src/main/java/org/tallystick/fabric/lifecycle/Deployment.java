package org.tallystick.fabric.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.fabric.files.NetworkFolder;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.PeerAdmin.Committed;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.fabric.node.Progress;

/// Brings a definition of the chaincode onto the channel: every peer installs, every member approves, one commits.
///
/// What was done before is not done again, so it may be repeated after a failure.
public final class Deployment {

    private final NetworkFolder folder;
    private final List<PeerAdmin> admins;
    private final String chaincode;
    private final Progress progress;

    /// @param admins one for each peer, those of a member together
    public Deployment(NetworkFolder folder, List<PeerAdmin> admins, String chaincode, Progress progress) {
        this.folder = folder;
        this.admins = List.copyOf(admins);
        this.chaincode = chaincode;
        this.progress = progress;
    }

    /// What the channel has.
    public Optional<Committed> committed() throws NodeException, InterruptedException {
        return admins.getFirst().committed(chaincode);
    }

    /// The package of a version, the same for everybody.
    public ChaincodePackage packed(String version) {
        return ChaincodePackage.of(new Definition(chaincode, version, 1).label(), version);
    }

    /// The definition that this version would have on the channel now.
    public Definition next(String version) throws NodeException, InterruptedException {
        Optional<Committed> before = committed();
        if (before.isEmpty()) {
            return new Definition(chaincode, version, 1);
        }
        long sequence = before.get().sequence();
        return new Definition(chaincode, version, before.get().version().equals(version) ? sequence : sequence + 1);
    }

    /// Installs the package on every peer that lacks it.
    public void install(String version) throws IOException, NodeException, InterruptedException {
        ChaincodePackage packed = packed(version);
        Path file = folder.chaincode().resolve(packed.label() + ".tgz");
        if (!Files.exists(file)) {
            OwnerFiles.write(file, packed.file().toArray());
        }
        for (PeerAdmin admin : admins) {
            if (!admin.installed().contains(packed.id())) {
                admin.install(file);
                progress.says(admin.peer().name() + " installed " + packed.label());
            }
        }
    }

    /// Approves in the name of every member that has not yet.
    public void approve(Definition definition) throws NodeException, InterruptedException {
        ChaincodePackage packed = packed(definition.version());
        for (PeerAdmin admin : oneOfEachMember()) {
            if (!admin.approvedPackage(definition).equals(Optional.of(packed.id()))) {
                admin.approve(definition, packed.id());
                progress.says(admin.member().name() + " approved " + definition.name() + " " + definition.version()
                        + ", sequence " + definition.sequence());
            }
        }
    }

    /// Makes it the channel's, in the name of the first member.
    public void commit(Definition definition) throws NodeException, InterruptedException {
        Optional<Committed> there = committed();
        if (there.filter(now -> now.sequence() == definition.sequence()).isPresent()) {
            return;
        }
        Map<String, Boolean> approvals = admins.getFirst().approvals(definition);
        List<PeerAdmin> agreeing = oneOfEachMember().stream()
                .filter(admin -> approvals.getOrDefault(admin.member().name(), false))
                .toList();
        admins.getFirst().commit(definition, agreeing);
        progress.says("the channel has " + definition.name() + " " + definition.version() + ", sequence "
                + definition.sequence());
    }

    private List<PeerAdmin> oneOfEachMember() {
        return admins.stream()
                .filter(admin -> admin.peer().equals(admin.member().peers().getFirst()))
                .toList();
    }
}
