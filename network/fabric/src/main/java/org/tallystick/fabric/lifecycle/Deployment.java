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
import org.tallystick.fabric.node.Operations;
import org.tallystick.fabric.node.Progress;
import org.tallystick.fabric.topology.Topology;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.fabric.topology.Topology.Peer;

/// Brings a definition of the chaincode onto the channel: every peer installs, every member approves, one commits;
/// each member here its part.
///
/// What was done before is not done again, so it may be repeated after a failure.
public final class Deployment {

    private final Topology topology;
    private final NetworkFolder folder;
    private final List<PeerAdmin> admins;
    private final String chaincode;
    private final Progress progress;

    /// @param admins one for each peer that is here, those of a member together
    public Deployment(NetworkFolder folder, List<PeerAdmin> admins, String chaincode, Progress progress) {
        this.topology = admins.getFirst().topology();
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

    /// Installs the package on every peer here that lacks it.
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

    /// Approves in the name of every member here that has not yet.
    public void approve(Definition definition) throws NodeException, InterruptedException {
        ChaincodePackage packed = packed(definition.version());
        for (PeerAdmin admin : oneOfEachMember()) {
            if (!approved(admin, definition, packed.id())) {
                admin.approve(definition, packed.id());
                progress.says(admin.member().name() + " approved " + definition.name() + " " + definition.version()
                        + ", sequence " + definition.sequence());
            }
        }
    }

    /// Whether a member approved this package. A peer that lost its ledger has every block again, but not what its
    /// member alone kept: then what the channel says of the approval counts, and another would be refused.
    private boolean approved(PeerAdmin admin, Definition definition, String packageId)
            throws NodeException, InterruptedException {
        Optional<String> named = admin.approvedPackage(definition);
        if (named.isPresent()) {
            return named.get().equals(packageId);
        }
        return admin.committed(chaincode)
                .filter(now -> now.sequence() == definition.sequence()
                        && now.version().equals(definition.version())
                        && now.approvals().getOrDefault(admin.member().name(), false))
                .isPresent();
    }

    /// Makes it the channel's, in the name of the first member here, if enough members have approved.
    ///
    /// @return what it waits for, if too few have; nothing once the channel has it
    public List<String> commit(Definition definition) throws NodeException, InterruptedException {
        Optional<Committed> there = committed();
        if (there.filter(now -> now.sequence() == definition.sequence()).isPresent()) {
            return List.of();
        }
        PeerAdmin admin = admins.getFirst();
        Map<String, Boolean> approvals = admin.approvals(definition);
        List<Member> agreeing = topology.members().stream()
                .filter(member -> approvals.getOrDefault(member.name(), false))
                .toList();
        int needed = topology.policies().lifecycle().of(approvals.size());
        if (agreeing.size() < needed) {
            return topology.members().stream()
                    .filter(member -> !agreeing.contains(member))
                    .map(member -> member.name() + " has not approved " + definition.label() + " (" + agreeing.size()
                            + " of " + needed + " have)")
                    .toList();
        }
        admin.commit(
                definition,
                agreeing.stream()
                        .filter(member -> answers(member.peers().getFirst()))
                        .toList());
        progress.says("the channel has " + definition.name() + " " + definition.version() + ", sequence "
                + definition.sequence());
        return List.of();
    }

    private static boolean answers(Peer peer) {
        return Operations.listens(peer, peer.port());
    }

    private List<PeerAdmin> oneOfEachMember() {
        return admins.stream()
                .filter(admin -> admin.peer().equals(admin.member().peers().getFirst()))
                .toList();
    }
}
