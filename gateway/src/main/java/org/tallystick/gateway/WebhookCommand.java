package org.tallystick.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tallystick.agreement.json.Json;
import org.tallystick.agreement.signing.SeedKey;
import org.tallystick.gateway.store.NewsFilter;
import org.tallystick.gateway.store.Position;
import org.tallystick.gateway.store.Store;
import org.tallystick.gateway.store.StoreException;
import org.tallystick.gateway.store.Webhook;
import org.tallystick.gateway.store.WebhookStore;
import org.tallystick.gateway.webhook.Target;
import org.tallystick.gateway.webhook.WebhookKeys;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import org.tallystick.ledger.cli.TallyCommand;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.keys.SeedKeyFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Adds `tally webhook`: whom the operator of a gateway tells what the ledger brings.
public final class WebhookCommand implements TallyCommand {

    @Override
    public Object command(Shell shell) {
        return new Said(shell);
    }

    @Command(
            name = "webhook",
            description = {
                "Says whom a gateway tells over HTTP what the ledger brings, beside the gateway while it runs.",
                "The gateway needs keys for that (--webhook-keys). docs/FOLLOWING.md says what a receiver gets."
            },
            footerHeading = "%nExample:%n",
            footer =
                    "  tally webhook add books https://books.example/tally --agreement north/hub/creators --store gateway.db")
    static final class Said {

        private static final String STORE = "the store of the gateway, as it is given to it";
        private static final String NAME = "the name of the webhook";
        /// Dead letters that are listed at once.
        private static final int LISTED = 1_000;

        private final Shell shell;

        Said(Shell shell) {
            this.shell = shell;
        }

        @Command(
                name = "new-key",
                description = "Makes a key that signs what webhooks are told, and prints its file and its public key.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook new-key --keys webhook-keys")
        int newKey(
                @Option(names = "--keys", required = true, paramLabel = "DIR", description = "the folder of the keys")
                        Path folder)
                throws IOException, KeyFolderException {
            SeedKeyFolder keys = new SeedKeyFolder(folder, WebhookKeys.KIND);
            Path file = keys.create();
            SeedKey key = keys.key(file);
            if (shell.json()) {
                shell.print(Json.object()
                        .with("file", file.toString())
                        .with("key", WebhookKeys.publicText(key))
                        .build());
                return 0;
            }
            shell.out().println(file);
            shell.out().println(WebhookKeys.publicText(key));
            return 0;
        }

        @Command(
                name = "add",
                description = {
                    "Tells what comes from now on to this URL, or what comes after a position.",
                    "Of several agreements and of several parties any, of both kinds each."
                },
                footerHeading = "%nExample:%n",
                footer = "  tally webhook add books https://books.example/tally --party north/hub --store gateway.db")
        int add(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Parameters(paramLabel = "URL", description = "https://HOST/...") String url,
                @Option(
                                names = "--agreement",
                                paramLabel = "AGREEMENT",
                                description = "only what is under it, or under reg, the registry; may be repeated")
                        @Nullable
                        List<String> agreements,
                @Option(
                                names = "--party",
                                paramLabel = "PARTY",
                                description = "only what it asked for; may be repeated")
                        @Nullable
                        List<String> parties,
                @Option(
                                names = "--after",
                                paramLabel = "POSITION",
                                description = "block/transaction/item, or start (default: the newest)")
                        @Nullable
                        String after,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            if (!Webhook.isName(name)) {
                throw CommandFailure.cannot("no name: " + name, "up to 40 of a-z, 0-9 and -");
            }
            if (Target.parse(url).filter(Target::mayBeTold).isEmpty()) {
                throw CommandFailure.cannot("no URL that may be told: " + url, "give https://HOST/PATH");
            }
            NewsFilter filter = filter(agreements, parties);
            Optional<Position> from = after == null ? Optional.empty() : Optional.of(position(after));
            boolean added = StoreOption.in(
                    at, store -> store.webhooks().add(name, url, filter, from.isEmpty() ? store.newest() : from.get()));
            if (!added) {
                throw CommandFailure.refused(
                        "there is a webhook " + name + ", or there are " + WebhookStore.MOST,
                        "tally webhook list --store " + at);
            }
            return done("added");
        }

        @Command(
                name = "list",
                description = "Lists all webhooks and how each stands.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook list --store gateway.db")
        int list(@Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            List<Webhook> all = StoreOption.in(at, store -> store.webhooks().all());
            if (shell.json()) {
                shell.print(Json.object()
                        .with(
                                "webhooks",
                                Json.array(all.stream()
                                        .map(webhook -> json(webhook).build())
                                        .toList()))
                        .build());
                return 0;
            }
            all.forEach(webhook -> shell.out()
                    .println(webhook.name() + " " + webhook.state().text() + " at " + text(webhook.at()) + " "
                            + webhook.url()));
            return 0;
        }

        @Command(
                name = "show",
                description = "Shows how a webhook stands: how far it was told, and what came of the last try.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook show books --store gateway.db")
        int show(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            Json.Obj shown = StoreOption.in(
                    at,
                    store -> json(known(store, name))
                            .with("deadLetters", store.webhooks().deadLetters(name))
                            .withText("newest", store.newest().text())
                            .build());
            if (shell.json()) {
                shell.print(shown);
                return 0;
            }
            shown.members()
                    .forEach((key, value) -> shell.out()
                            .println(key + " "
                                    + (value instanceof Json.Text(var text)
                                            ? text
                                            : value.canonical().utf8().orElseThrow())));
            return 0;
        }

        @Command(
                name = "pause",
                description = "Tells it nothing until it is resumed; nothing is lost.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook pause books --store gateway.db")
        int pause(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            change(at, name, store -> store.webhooks().set(name, Webhook.State.PAUSED));
            return done("paused");
        }

        @Command(
                name = "resume",
                description = "Goes on at once where it stands, also after it answered 410.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook resume books --store gateway.db")
        int resume(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            change(at, name, store -> store.webhooks().set(name, Webhook.State.ACTIVE));
            return done("resumed");
        }

        @Command(
                name = "replay",
                description = {
                    "Tells it again what came after a position; or goes on after a later one.",
                    "What is told again has the same webhook-id as before."
                },
                footerHeading = "%nExample:%n",
                footer = "  tally webhook replay books --after 7/0/2 --store gateway.db")
        int replay(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Option(
                                names = "--after",
                                required = true,
                                paramLabel = "POSITION",
                                description = "block/transaction/item, or start")
                        String after,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            Position from = position(after);
            change(at, name, store -> store.webhooks().replay(name, from));
            return done("goes on after " + after);
        }

        @Command(
                name = "dead-letters",
                description =
                        "Lists what was given up, with the last answer. What is delivered after all is listed no more.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook dead-letters books --store gateway.db")
        int deadLetters(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            List<Webhook.DeadLetter> all = StoreOption.in(at, store -> {
                Webhook _ = known(store, name);
                return store.webhooks().deadLetters(name, LISTED);
            });
            if (shell.json()) {
                shell.print(Json.object()
                        .with(
                                "deadLetters",
                                Json.array(all.stream().map(Said::json).toList()))
                        .build());
                return 0;
            }
            all.forEach(letter -> shell.out()
                    .println(text(letter.at()) + " " + Instant.ofEpochMilli(letter.died()) + " after " + letter.tries()
                            + " tries: " + letter.answer()));
            return 0;
        }

        @Command(
                name = "remove",
                description = "Forgets a webhook and its dead letters.",
                footerHeading = "%nExample:%n",
                footer = "  tally webhook remove books --store gateway.db")
        int remove(
                @Parameters(paramLabel = "NAME", description = NAME) String name,
                @Option(names = "--store", required = true, paramLabel = "STORE", description = STORE) String at)
                throws CommandFailure, InterruptedException {
            change(at, name, store -> store.webhooks().remove(name));
            return done("removed");
        }

        private int done(String what) {
            shell.out().println(what);
            return 0;
        }

        private static NewsFilter filter(@Nullable List<String> agreements, @Nullable List<String> parties)
                throws CommandFailure {
            List<String> homes = agreements == null ? List.of() : agreements;
            List<String> owners = parties == null ? List.of() : parties;
            for (String home : homes) {
                if (!NewsFilter.isHome(home)) {
                    throw CommandFailure.cannot("no agreement: " + home);
                }
            }
            for (String owner : owners) {
                if (!NewsFilter.isParty(owner)) {
                    throw CommandFailure.cannot("no party: " + owner);
                }
            }
            return new NewsFilter(new HashSet<>(homes), new HashSet<>(owners));
        }

        private static Position position(String text) throws CommandFailure {
            return text.equals("start")
                    ? Position.START
                    : Position.parse(text).orElseThrow(() -> CommandFailure.cannot("no position: " + text));
        }

        private static String text(Position position) {
            return position.text().orElse("start");
        }

        private static Json.Builder json(Webhook webhook) {
            Webhook.Tries tries = webhook.tries();
            return Json.object()
                    .with("after", text(webhook.at()))
                    .with("filter", webhook.filter().toJson())
                    .with("name", webhook.name())
                    .with("state", webhook.state().text())
                    .with("tries", tries.count())
                    .with("url", webhook.url())
                    .withText("answer", Optional.of(tries.answer()).filter(answer -> !answer.isEmpty()))
                    .withText("next", time(tries.due()))
                    .withText("since", time(tries.since()));
        }

        private static Optional<String> time(long millis) {
            return millis == 0
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochMilli(millis).toString());
        }

        private static Json.Obj json(Webhook.DeadLetter letter) {
            return Json.object()
                    .with("answer", letter.answer())
                    .with("died", Instant.ofEpochMilli(letter.died()).toString())
                    .with("position", text(letter.at()))
                    .with("tries", letter.tries())
                    .build();
        }

        private static Webhook known(Store store, String name)
                throws StoreException, CommandFailure, InterruptedException {
            return store.webhooks().find(name).orElseThrow(() -> none(name));
        }

        private static void change(String at, String name, StoreOption.Work<Boolean> work)
                throws CommandFailure, InterruptedException {
            if (!StoreOption.in(at, work)) {
                throw none(name);
            }
        }

        private static CommandFailure none(String name) {
            return CommandFailure.refused("there is no webhook " + name, "tally webhook list shows those there are");
        }
    }
}
