package org.tallystick.fabric.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A program that runs, answers and ends.
public final class Program {

    private static final Duration USUAL = Duration.ofMinutes(2);
    /// What a person can read of what went wrong.
    private static final int SHOWN_LINES = 3;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Duration longest;

    private Program(List<String> command, Map<String, String> environment, Duration longest) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.longest = longest;
    }

    public static Program of(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(arguments));
        return new Program(command, Map.of(), USUAL);
    }

    public Program with(String... arguments) {
        List<String> more = new ArrayList<>(command);
        more.addAll(Arrays.asList(arguments));
        return new Program(more, environment, longest);
    }

    public Program environment(String name, Path value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(name, value.toString());
        return new Program(command, more, longest);
    }

    /// The same with another limit than two minutes.
    public Program within(Duration limit) {
        return new Program(command, environment, limit);
    }

    /// What it printed, and how it ended.
    public record Ended(int exitCode, String out, String err) {}

    /// Runs it, whatever the end.
    public Ended end() throws NodeException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture<String> out = reading(process.getInputStream());
            CompletableFuture<String> err = reading(process.getErrorStream());
            if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
                Process _ = process.destroyForcibly();
                throw new NodeException(shown() + " did not end within " + longest.toSeconds() + " s");
            }
            return new Ended(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new NodeException("cannot run " + shown() + ": " + e.getMessage());
        }
    }

    /// Runs it and gives what it printed.
    ///
    /// @throws NodeException if it ended with an error
    public String run() throws NodeException, InterruptedException {
        Ended ended = end();
        if (ended.exitCode() != 0) {
            throw new NodeException(shown() + " failed: " + last(ended.err().isBlank() ? ended.out() : ended.err()));
        }
        return ended.out();
    }

    private static CompletableFuture<String> reading(InputStream stream) {
        CompletableFuture<String> read = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().start(() -> {
            try (stream) {
                read.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        return read;
    }

    /// The program and its verbs, without the options.
    private String shown() {
        List<String> words = new ArrayList<>(
                List.of(String.valueOf(Path.of(command.getFirst()).getFileName())));
        command.stream().skip(1).takeWhile(word -> word.matches("[a-z]+")).forEach(words::add);
        return String.join(" ", words);
    }

    /// What it says of its error; Fabric's programs explain all their options after that. Else its last lines.
    private static String last(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        Optional<String> error =
                lines.stream().filter(line -> line.startsWith("Error: ")).findFirst();
        if (error.isPresent()) {
            return error.get();
        }
        return String.join(" ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
