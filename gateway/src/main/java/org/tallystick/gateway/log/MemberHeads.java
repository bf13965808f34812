package org.tallystick.gateway.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.bytes.Hash;
import org.tallystick.agreement.instruction.MemberId;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.ledger.keys.LogKey;
import org.tallystick.ledger.log.Note;
import org.tallystick.ledger.pack.MemberLogs;
import org.tallystick.ledger.pack.PackBuilder;

/// Where the chains of one pack end: as this member says, and as the others do that answer. A member that is down
/// stops no pack, as long as a majority says something.
final class MemberHeads implements PackBuilder.Heads {

    private static final Logger LOG = Logger.getLogger(MemberHeads.class.getName());

    private final TransparencyLog own;
    private final List<MemberLogs> others;
    private final long size;
    private final Set<MemberLogs> silent = new HashSet<>();

    MemberHeads(TransparencyLog own, List<MemberLogs> others, long size) {
        this.own = own;
        this.others = List.copyOf(others);
        this.size = size;
    }

    @Override
    public List<Note> of(String chain) throws IOException {
        try {
            List<Note> notes = new ArrayList<>();
            own.head(size, chain).map(MemberHeads::note).ifPresent(notes::add);
            for (MemberLogs other : others) {
                notes.addAll(asked(other, chain));
            }
            need(notes, chain);
            notes.sort(MemberLogs.BY_NAME);
            return notes;
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Note note(Bytes own) {
        return Note.parse(own).good().orElseThrow();
    }

    /// Who did not answer once is not asked again for this pack: it has many chains.
    private List<Note> asked(MemberLogs other, String chain) {
        if (silent.contains(other)) {
            return List.of();
        }
        try {
            return other.heads(size, chain);
        } catch (IOException e) {
            LOG.log(Level.INFO, "pack: without the head statements of a member: " + e.getMessage());
            boolean _ = silent.add(other);
            return List.of();
        }
    }

    private void need(List<Note> notes, String chain) throws StoreException, InterruptedException, TooFewHeads {
        List<String> members = own.store().members();
        long stated = members.stream()
                .filter(member -> MemberId.parse(member)
                        .map(id -> LogKey.Kind.HEAD.name(id, Hash.ZERO))
                        .filter(name -> notes.stream()
                                .anyMatch(note ->
                                        note.signatures().getFirst().name().equals(name)))
                        .isPresent())
                .count();
        if (2 * stated <= members.size()) {
            throw new TooFewHeads(
                    stated + " of " + members.size() + " members say where " + chain + " ends at size " + size);
        }
    }
}
