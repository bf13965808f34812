package org.tallystick.embedded;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.hyperledger.fabric.protos.common.ChannelHeader;
import org.hyperledger.fabric.protos.common.Envelope;
import org.hyperledger.fabric.protos.common.Payload;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.common.Status;
import org.hyperledger.fabric.protos.orderer.BroadcastResponse;

/// Puts envelopes in an order, and hands them to the committer in batches. Its thread is the ledger's only writer.
///
/// An envelope that was taken is not yet on the disk, as with Fabric's orderer: a crash may lose it, and whoever
/// submitted it asks for its commit status before believing anything.
final class Orderer implements AutoCloseable {
    private static final long LONG_ENOUGH_NANOS = 3_600_000_000_000L;

    private final String channel;
    private final Membership membership;
    private final InstantSource clock;
    private final BatchLimits limits;
    private final Committing committing;
    private final Halt halt;
    private final WaitingEnvelopes waiting =
            new WaitingEnvelopes(Limits.WAITING_ENVELOPES, Limits.WAITING_ENVELOPE_BYTES);
    private final Thread thread;

    /// What becomes of a batch. After an exception there is no next batch.
    interface Committing {
        void commit(List<ByteString> envelopes) throws IOException;
    }

    Orderer(
            String channel,
            Membership membership,
            InstantSource clock,
            BatchLimits limits,
            Committing committing,
            Halt halt) {
        this.channel = channel;
        this.membership = membership;
        this.clock = clock;
        this.limits = limits;
        this.committing = committing;
        this.halt = halt;
        this.thread = Thread.ofPlatform().name("tallystick-orderer").unstarted(this::order);
    }

    void start() {
        thread.start();
    }

    /// Takes an envelope, or says why not, as the orderer's `Broadcast` does.
    BroadcastResponse broadcast(Envelope envelope) throws InterruptedException {
        ByteString bytes = envelope.toByteString();
        Optional<BroadcastResponse> refused = refused(envelope, bytes);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (halt.reason().isPresent()) {
            return answer(Status.SERVICE_UNAVAILABLE, halt.reason().get());
        }
        return waiting.offer(bytes, Limits.BROADCAST)
                ? answer(Status.SUCCESS, "")
                : answer(Status.SERVICE_UNAVAILABLE, "there is no place among the envelopes that wait to be ordered");
    }

    private Optional<BroadcastResponse> refused(Envelope envelope, ByteString bytes) {
        if (bytes.size() > limits.absoluteBytes()) {
            return Optional.of(answer(
                    Status.BAD_REQUEST,
                    "message payload is " + bytes.size() + " bytes and exceeds maximum allowed "
                            + limits.absoluteBytes() + " bytes"));
        }
        try {
            var header = Payload.parseFrom(envelope.getPayload()).getHeader();
            String target = ChannelHeader.parseFrom(header.getChannelHeader()).getChannelId();
            if (!target.equals(channel)) {
                return Optional.of(answer(Status.BAD_REQUEST, "channel [" + target + "] does not exist"));
            }
            var creator = membership.identify(
                    SignatureHeader.parseFrom(header.getSignatureHeader()).getCreator());
            boolean mayWrite = creator.filter(Membership.Identity::mayWrite)
                    .filter(who -> !who.expiredAt(clock.instant()))
                    .filter(who -> who.signed(envelope.getPayload(), envelope.getSignature()))
                    .isPresent();
            return mayWrite
                    ? Optional.empty()
                    : Optional.of(
                            answer(Status.FORBIDDEN, ProposalCheck.unsatisfied("Writers") + ": permission denied"));
        } catch (InvalidProtocolBufferException e) {
            return Optional.of(answer(Status.BAD_REQUEST, "could not determine channel ID: " + e.getMessage()));
        }
    }

    private static BroadcastResponse answer(Status status, String info) {
        return BroadcastResponse.newBuilder().setStatus(status).setInfo(info).build();
    }

    private void order() {
        try {
            orderUntilClosed();
        } catch (InterruptedException e) {
            halt.now("the ledger was interrupted while it wrote", e);
        } catch (IOException e) {
            halt.now("the ledger cannot write its block file", e);
        } catch (RuntimeException | Error e) {
            halt.now("the ledger broke while it made a block", e);
        } finally {
            waiting.close();
        }
    }

    private void orderUntilClosed() throws InterruptedException, IOException {
        var cutter = new BlockCutter(limits);
        long deadline = 0;
        while (!waiting.isClosedAndEmpty()) {
            boolean begun = cutter.hasPending();
            Optional<ByteString> next = waiting.poll(begun ? deadline - System.nanoTime() : LONG_ENOUGH_NANOS);
            if (next.isPresent()) {
                for (List<ByteString> batch : cutter.add(next.get())) {
                    committing.commit(batch);
                    begun = false;
                }
                if (!begun && cutter.hasPending()) {
                    deadline = System.nanoTime() + limits.timeout().toNanos();
                }
            } else if (begun) {
                committing.commit(cutter.cut());
            }
        }
        if (cutter.hasPending()) {
            committing.commit(cutter.cut());
        }
    }

    /// Takes no more, and returns when all that was taken is committed.
    @Override
    public void close() {
        waiting.close();
        if (Thread.currentThread().equals(thread)) {
            return; // closed by the action of a halt, which this thread runs at its end
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
