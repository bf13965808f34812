package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.channel.ChannelUpdate;
import org.tallystick.fabric.files.MemberFolder;
import org.tallystick.fabric.pki.MemberKeys.Issued;
import org.tallystick.fabric.pki.Request;
import org.tallystick.fabric.pki.Role;
import org.tallystick.fabric.topology.Topology.Member;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The Fabric identities of a member. They carry transactions; they sign no instruction.
@Command(
        name = "identity",
        description =
                "Issues, renews, revokes and lists the identities with which a member's programs reach the network.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  tally network identity list north --folder /tmp/network")
final class IdentityCommand {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-zA-Z0-9.-]{1,64}");
    private static final int MAX_VALUE = 256;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    private final Shell shell;

    IdentityCommand(Shell shell) {
        this.shell = shell;
    }

    @Command(
            name = "issue",
            description = "Issues an identity: a certificate NAME.pem and its key NAME.key in the member's folder.",
            footerHeading = "%nExample:%n",
            footer = "  tally network identity issue north gateway2 --attribute role=courier")
    int issue(
            @Mixin Site site,
            @Parameters(paramLabel = "MEMBER") String name,
            @Parameters(paramLabel = "NAME") String identity,
            @Option(names = "--admin", description = "may change the channel; otherwise a client") boolean admin,
            @Option(names = "--attribute", paramLabel = "NAME=VALUE", description = "for chaincode to read") @Nullable
                    Map<String, String> attributes)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        Request.Identity request = request(identity, admin, attributes == null ? Map.of() : attributes);
        return site.work(shell, network -> {
            Member member = Site.member(network.topology(), name);
            MemberFolder.Pair files = network.folder().member(name).identity(identity);
            if (Files.exists(files.certificate()) || Files.exists(files.key())) {
                throw CommandFailure.refused(
                        files.certificate() + " is there already",
                        "choose another name; a new certificate for its key: tally network identity renew " + name + " "
                                + identity);
            }
            X509Certificate issued = network.keys(member).issue(request, files).certificate();
            if (shell.json()) {
                shell.print(Json.object()
                        .with("certificate", files.certificate().toString())
                        .with("serial", issued.getSerialNumber().toString(16))
                        .build());
            } else {
                shell.out().println(files.certificate());
                shell.out()
                        .println("use it: --identity "
                                + network.folder().member(name).path().resolve(identity));
            }
            return 0;
        });
    }

    private static Request.Identity request(String name, boolean admin, Map<String, String> attributes)
            throws CommandFailure {
        if (!NAME.matcher(name).matches()) {
            throw CommandFailure.cannot("not a name of an identity: " + name, "small letters, digits, '.' and '-'");
        }
        Request.Identity request = Request.Identity.of(name, admin ? Role.ADMIN : Role.CLIENT);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            if (!ATTRIBUTE.matcher(attribute.getKey()).matches()
                    || attribute.getValue().length() > MAX_VALUE) {
                throw CommandFailure.cannot("not an attribute: " + attribute.getKey() + "=" + attribute.getValue());
            }
            request = request.with(attribute.getKey(), attribute.getValue());
        }
        return request;
    }

    @Command(
            name = "renew",
            description = {
                "Gives an identity a new certificate for the key it has. Programs that use it read it when they start.",
                "Nobody else has to do anything, and the network need not be up. Nodes are renewed by rotate."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally network identity renew north admin")
    int renew(
            @Mixin Site site,
            @Parameters(paramLabel = "MEMBER") String name,
            @Parameters(paramLabel = "NAME") String identity)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        return site.work(shell, network -> {
            X509Certificate renewed = network.renew(Site.member(network.topology(), name), identity);
            String until = DAY.format(renewed.getNotAfter().toInstant());
            if (shell.json()) {
                shell.print(Json.object()
                        .with("name", identity)
                        .with("serial", renewed.getSerialNumber().toString(16))
                        .with("until", until)
                        .build());
            } else {
                shell.out().println("renewed: " + identity + " of " + name + ", until " + until);
            }
            return 0;
        });
    }

    @Command(
            name = "revoke",
            description = {
                "Revokes every certificate of an identity: the member's admin signs the list, and peers and orderers",
                "refuse the identity as soon as the channel has it. What it did before stays valid."
            },
            footerHeading = "%nExample:%n",
            footer = "  tally network identity revoke north gateway2")
    int revoke(
            @Mixin Site site,
            @Parameters(paramLabel = "MEMBER") String name,
            @Parameters(paramLabel = "NAME") String identity)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        return site.work(shell, network -> {
            Member member = Site.member(network.topology(), name);
            List<X509Certificate> certificates = network.keys(member).issued().stream()
                    .filter(issued -> issued.subject().name().equals(identity))
                    .map(Issued::certificate)
                    .toList();
            if (certificates.isEmpty()) {
                throw CommandFailure.refused(
                        name + " never issued an identity " + identity,
                        "list them: tally network identity list " + name);
            }
            ChannelUpdate update = network.channel().revocation(member, certificates);
            List<String> changes = network.channel().changes(update);
            network.channel().submit(network.channel().sign(update, name), member);
            if (shell.json()) {
                shell.print(UpdateCommand.json(
                        update, changes, network.folder().member(name).revoked()));
            } else {
                shell.out().println("revoked: " + certificates.size() + " certificates of " + identity + " of " + name);
            }
            return 0;
        });
    }

    @Command(
            name = "list",
            description = "Lists the identities that a member has issued.",
            footerHeading = "%nExample:%n",
            footer = "  tally network identity list north")
    int list(@Mixin Site site, @Parameters(paramLabel = "MEMBER") String name)
            throws IOException, LedgerException, CommandFailure, InterruptedException {
        List<Issued> all = site.work(
                shell,
                network -> network.keys(Site.member(network.topology(), name)).issued());
        if (shell.json()) {
            List<Json> rows = new ArrayList<>();
            for (Issued issued : all) {
                rows.add(Json.object()
                        .with("name", issued.subject().name())
                        .with("revoked", issued.revoked())
                        .withText("role", issued.subject().role().map(Role::unit))
                        .with("serial", issued.certificate().getSerialNumber().toString(16))
                        .with(
                                "until",
                                issued.certificate().getNotAfter().toInstant().toString())
                        .build());
            }
            shell.print(Json.array(rows));
            return 0;
        }
        Table table = new Table("name", "role", "until", "state", "serial");
        for (Issued issued : all) {
            table.add(
                    issued.subject().name(),
                    issued.subject().role().map(Role::unit).orElse("-"),
                    DAY.format(issued.certificate().getNotAfter().toInstant()),
                    issued.revoked() ? "revoked" : "good",
                    issued.certificate().getSerialNumber().toString(16));
        }
        table.print(shell.out());
        return 0;
    }
}
