package org.tallystick.ledger.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tallystick.agreement.signing.SigningFailed;
import org.tallystick.ledger.LedgerException;
import org.tallystick.ledger.client.EventRefersNowhere;
import org.tallystick.ledger.client.Sentences;
import org.tallystick.ledger.file.EventFile;
import org.tallystick.ledger.keys.KeyFolderException;
import org.tallystick.ledger.pack.PackCommand;
import org.tallystick.ledger.pack.TrustCommand;
import org.tallystick.ledger.verify.VerifyCommand;
import picocli.CommandLine;

/// The command line. A run gives the exit code: 0 done, or it holds; 1 refused, or it does not hold; 2 could not run.
public final class Tally {

    public static final int DONE = 0;
    public static final int REFUSED = 1;
    public static final int COULD_NOT_RUN = 2;

    private static final int WIDTH = 100;

    /// Held, since a logger that nobody holds forgets its level.
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private final List<TallyCommand> added;
    private final Terminal terminal;

    /// With the commands that other modules on the class path add.
    public Tally() {
        this(ServiceLoader.load(TallyCommand.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /// @param added commands beside this module's own
    public Tally(List<TallyCommand> added) {
        this(added, Terminal.OF_PROCESS);
    }

    Tally(List<TallyCommand> added, Terminal terminal) {
        this.added = List.copyOf(added);
        this.terminal = terminal;
    }

    public static void main(String[] arguments) {
        GRPC.setLevel(Level.WARNING);
        System.exit(new Tally().run(List.of(arguments), System.out, System.err));
    }

    /// Runs a command in this process.
    public int run(List<String> arguments, PrintStream out, PrintStream err) {
        PrintWriter output = new PrintWriter(new OutputStreamWriter(out, UTF_8), true);
        PrintWriter errors = new PrintWriter(new OutputStreamWriter(err, UTF_8), true);
        Options options = new Options();
        try (Shell shell = new Shell(options, terminal, output, errors)) {
            CommandLine line = commands(options, shell)
                    .setOut(output)
                    .setErr(errors)
                    .setUsageHelpWidth(WIDTH)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setParameterExceptionHandler((wrong, _) -> misread(errors, wrong))
                    .setExecutionExceptionHandler((failure, _, _) -> failed(errors, failure));
            int exitCode = line.execute(arguments.toArray(String[]::new));
            if (exitCode == DONE) {
                shell.done();
            }
            return exitCode;
        } finally {
            output.flush();
            errors.flush();
        }
    }

    private CommandLine commands(Options options, Shell shell) {
        CommandLine line = new CommandLine(options);
        line.addSubcommand(new CommandLine(new TermsCommand(shell)).addSubcommand(new SimulateCommand(shell)))
                .addSubcommand(new CommandLine(new KeyCommand(shell))
                        .addSubcommand(new KeyAddCommand(shell))
                        .addSubcommand(new KeyRotateCommand(shell))
                        .addSubcommand(new KeyRevokeCommand(shell))
                        .addSubcommand(new KeyCompromisedCommand(shell))
                        .addSubcommand(new KeyRecoverCommand(shell))
                        .addSubcommand(new KeyListCommand(shell)))
                .addSubcommand(new PartyCommand(shell))
                .addSubcommand(new MemberCommand(shell))
                .addSubcommand(new LogKeyCommand(shell))
                .addSubcommand(AgreementCommand.of(shell))
                .addSubcommand(new ReportCommand(shell))
                .addSubcommand(new HeldCommand(shell))
                .addSubcommand(new MatchesCommand(shell))
                .addSubcommand(new AttestCommand(shell))
                .addSubcommand(new ContradictCommand(shell))
                .addSubcommand(new DeclareCommand(shell))
                .addSubcommand(new TakeBackCommand(shell))
                .addSubcommand(new SealCommand(shell))
                .addSubcommand(new CommandLine(new ClaimCommand(shell))
                        .addSubcommand(new ClaimListCommand(shell))
                        .addSubcommand(new ClaimAnswerCommand(shell)))
                .addSubcommand(new ReconcileCommand(shell))
                .addSubcommand(new PeriodCommand(shell))
                .addSubcommand(new CloseCommand(shell))
                .addSubcommand(new DueCommand(shell))
                .addSubcommand(new AdjustCommand(shell))
                .addSubcommand(new StatementCommand(shell))
                .addSubcommand(new ExplainCommand(shell))
                .addSubcommand(new SignCommand(shell))
                .addSubcommand(new SubmitCommand(shell))
                .addSubcommand(new ReceiptCommand(shell))
                .addSubcommand(new StatusCommand(shell))
                .addSubcommand(new FollowCommand(shell))
                .addSubcommand(new TrialCommand(shell))
                .addSubcommand(new PackCommand(shell::ledger, shell::gateway))
                .addSubcommand(new TrustCommand(shell::chaincode))
                .addSubcommand(new VerifyCommand(shell::json));
        added.forEach(command -> line.addSubcommand(command.command(shell)));
        return Words.register(line);
    }

    private static int misread(PrintWriter errors, CommandLine.ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        say(errors, "error", lower(String.valueOf(wrong.getMessage())));
        say(errors, "hint", command + " --help");
        return COULD_NOT_RUN;
    }

    /// The one place where what stopped a command becomes words.
    private static int failed(PrintWriter errors, Exception failure) {
        return switch (failure) {
            case CommandFailure of -> told(errors, of.exitCode(), text(of), of.hint());
            case KeyFolderException of -> told(errors, COULD_NOT_RUN, text(of), Optional.of(of.hint()));
            case SigningFailed of -> told(errors, COULD_NOT_RUN, text(of), Optional.of(of.hint()));
            case EventRefersNowhere of ->
                told(
                        errors,
                        REFUSED,
                        text(of),
                        Optional.of("refOf is the id of an event in the file, or the ledger's"));
            case LedgerException of -> told(errors, COULD_NOT_RUN, ledger(of), hint(of));
            case EventFile.Unreadable of -> told(errors, COULD_NOT_RUN, text(of), Optional.of(of.hint()));
            case NoSuchFileException of -> told(errors, COULD_NOT_RUN, "no such file: " + text(of), Optional.empty());
            case FileAlreadyExistsException of ->
                told(errors, COULD_NOT_RUN, "it is there already: " + text(of), Optional.empty());
            case IOException of -> told(errors, COULD_NOT_RUN, of.toString(), Optional.empty());
            case UncheckedIOException of -> failed(errors, Objects.requireNonNull(of.getCause()));
            default -> {
                failure.printStackTrace(errors);
                yield told(
                        errors,
                        COULD_NOT_RUN,
                        "a mistake in tally itself: " + failure,
                        Optional.of("please report it with the lines above"));
            }
        };
    }

    private static String ledger(LedgerException failure) {
        return failure instanceof LedgerException.Failed failed
                ? Sentences.ofFailure(failed.code(), failed.values())
                : text(failure);
    }

    private static Optional<String> hint(LedgerException failure) {
        return failure.mayRepeat()
                ? Optional.of("the same command may be run again; what was sent may still be applied")
                : Optional.empty();
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }

    private static int told(PrintWriter errors, int exitCode, String error, Optional<String> hint) {
        say(errors, "error", error);
        hint.ifPresent(text -> say(errors, "hint", text));
        return exitCode;
    }

    static void say(PrintWriter errors, String kind, String text) {
        errors.println("tally: " + kind + ": " + text);
    }

    private static String lower(String message) {
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
