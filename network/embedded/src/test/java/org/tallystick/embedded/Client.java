package org.tallystick.embedded;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.Contract;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Gateway;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.Network;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.client.Transaction;
import org.hyperledger.fabric.client.identity.Identities;
import org.hyperledger.fabric.client.identity.Signer;
import org.hyperledger.fabric.client.identity.Signers;
import org.hyperledger.fabric.client.identity.X509Identity;

/// The stock fabric-gateway client, with an identity that it reads from the ledger's folder as any process would.
record Client(Gateway gateway, String channel, X509Identity identity, Signer signer) {

    static Client inProcess(EmbeddedLedger ledger, String member) {
        return of(
                ledger.channel(member), EmbeddedLedger.Settings.USUAL_CHANNEL, ledger.ledgerFiles(), member, "gateway");
    }

    static Client overTcp(LedgerFiles files, String member, ManagedChannel connection) {
        return of(connection, EmbeddedLedger.Settings.USUAL_CHANNEL, files, member, "gateway");
    }

    static ManagedChannel connect(Path address) throws IOException {
        return ManagedChannelBuilder.forTarget(Files.readString(address).strip())
                .usePlaintext()
                .maxInboundMessageSize(100 << 20)
                .build();
    }

    static Client of(ManagedChannel connection, String channel, LedgerFiles files, String member, String identity) {
        try {
            X509Certificate certificate =
                    Identities.readX509Certificate(Files.readString(files.certificate(member, identity)));
            PrivateKey key = Identities.readPrivateKey(Files.readString(files.key(member, identity)));
            return of(connection, channel, member, new Credential(certificate, key));
        } catch (IOException | CertificateException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    static Client of(ManagedChannel connection, String channel, String member, Credential credential) {
        var identity = new X509Identity(member, credential.certificate());
        Signer signer = Signers.newPrivateKeySigner(credential.key());
        Gateway gateway = Gateway.newInstance()
                .identity(identity)
                .signer(signer)
                .connection(connection)
                .connect();
        return new Client(gateway, channel, identity, signer);
    }

    Network network() {
        return gateway.getNetwork(channel);
    }

    Contract contract() {
        return network().getContract(NotebookChaincode.NAME);
    }

    String submit(String function, String... arguments)
            throws EndorseException, SubmitException, CommitStatusException, CommitException {
        return text(contract().submitTransaction(function, arguments));
    }

    /// A submit whose answer is of no interest.
    void commits(String function, String... arguments)
            throws EndorseException, SubmitException, CommitStatusException, CommitException {
        String _ = submit(function, arguments);
    }

    String evaluate(String function, String... arguments) throws GatewayException {
        return text(contract().evaluateTransaction(function, arguments));
    }

    Transaction endorsed(String function, String... arguments) throws EndorseException {
        return contract().newProposal(function).addArguments(arguments).build().endorse();
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
