package org.tallystick.ledger.cli;

import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// How far long work has come, on a terminal; silent in a pipe and for programs.
final class Progress implements AutoCloseable {

    private static final int OFTEN_MILLIS = 200;
    private static final String UNIT = " MiB";

    private @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /// @param octets of the file that is worked through
    static Progress of(Shell shell, String what, long octets) {
        boolean seen = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        return new Progress(
                seen && !shell.json()
                        ? new ProgressBarBuilder()
                                .setTaskName(what)
                                .setInitialMax(octets)
                                .setUnit(UNIT, 1 << 20)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUpdateIntervalMillis(OFTEN_MILLIS)
                                .clearDisplayOnFinish()
                                .build()
                        : null);
    }

    /// @param octets that were read so far
    void at(long octets) {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.stepTo(octets);
        }
    }

    @Override
    public void close() {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.close();
            bar = null;
        }
    }
}
