package org.tallystick.ledger.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.tallystick.agreement.bytes.Bytes;
import org.tallystick.agreement.instruction.Algorithm;
import org.tallystick.agreement.instruction.Key;
import org.tallystick.agreement.signing.Signer;
import org.tallystick.agreement.signing.SigningFailed;
import org.tallystick.agreement.signing.SigningInput;

/// A key that another program signs with: a hardware module, a signing service, a wallet.
///
/// The program is run once for each signature, by `sh`. It finds the key's name in `TALLYSTICK_KID` and its algorithm
/// in
/// `TALLYSTICK_ALGORITHM`, gets on its standard input what is to be signed (of a wallet the typed data in JSON, else
/// the JWS signing input, which is hashed by whoever signs), and prints the signature in hexadecimal digits, base64 or
/// base64url. What it answers is verified before it goes anywhere.
public final class ProgramSigner implements Signer {

    /// Somebody may have to touch a device.
    static final Duration LONGEST = Duration.ofMinutes(5);
    static final int LONGEST_ANSWER = 4096;

    private static final Pattern HEX = Pattern.compile("(0x)?([0-9a-fA-F]{2})+");

    private final Key key;
    private final String command;
    private final Duration longest;

    public ProgramSigner(Key key, String command) {
        this(key, command, LONGEST);
    }

    ProgramSigner(Key key, String command, Duration longest) {
        this.key = key;
        this.command = command;
        this.longest = longest;
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public Bytes sign(SigningInput input) {
        Bytes asked = key.algorithm() == Algorithm.EIP712 ? input.typedData().canonical() : input.octets();
        String answer = run(asked, input);
        Bytes octets = decoded(answer)
                .orElseThrow(() -> failed("the signer printed no signature", "it prints hexadecimal digits or base64"));
        return input.taken(key, octets)
                .orElseThrow(() -> failed(
                        "what the signer printed is no signature by " + input.kid(),
                        "is it the right key, and is the whole input signed as "
                                + key.algorithm().text() + "?"));
    }

    private String run(Bytes asked, SigningInput input) {
        try {
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
            builder.environment()
                    .putAll(Map.of(
                            "TALLYSTICK_KID", input.kid().text(),
                            "TALLYSTICK_ALGORITHM", key.algorithm().text()));
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = builder.start();
            CompletableFuture<String> printed = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            write(process, asked);
            if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                Process _ = process.destroyForcibly();
                throw failed("the signer has not answered for " + longest.toSeconds() + " s", "nothing was signed");
            }
            if (process.exitValue() != 0) {
                throw failed("the signer ended with " + process.exitValue(), "it says why above, if it does");
            }
            return printed.join();
        } catch (IOException e) {
            throw failed("the signer could not be run: " + e.getMessage(), "it is run by sh -c");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw failed("the signer was interrupted", "nothing was signed");
        }
    }

    /// A program that does not read all of it may still answer.
    private static void write(Process process, Bytes asked) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(asked.toArray());
        } catch (IOException _) {
            // Whether what it answers is a signature is seen from the answer.
        }
    }

    private static String read(InputStream in) {
        try (in) {
            return new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The octets in hexadecimal digits, base64 or base64url.
    public static Optional<Bytes> decoded(String text) {
        if (HEX.matcher(text).matches()) {
            String digits = text.startsWith("0x") ? text.substring(2) : text;
            return Optional.of(Bytes.copyOf(HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT))));
        }
        String plain = text.replaceAll("\\s", "").replace('-', '+').replace('_', '/');
        try {
            return plain.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Bytes.copyOf(Base64.getDecoder().decode(plain)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static SigningFailed failed(String message, String hint) {
        return new SigningFailed(message, hint);
    }

    @Override
    public String toString() {
        return key.algorithm().text() + " " + key.thumb() + " by a program";
    }
}
