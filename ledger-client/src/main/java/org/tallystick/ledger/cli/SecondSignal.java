package org.tallystick.ledger.cli;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The first signal to stop ends a program in good order, as Java has it; the second ends it at once.
///
/// Java itself passes the second over while its hooks run. What hears signals is in the JDK, in a package that the
/// compiler warns of; so it is called by its names.
final class SecondSignal {

    private static final Logger LOG = Logger.getLogger(SecondSignal.class.getName());

    /// As a shell shows that a program was ended by a signal.
    private static final int BASE = 128;

    private static final AtomicBoolean FIRST = new AtomicBoolean();

    private SecondSignal() {}

    static void endsAtOnce() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object hears = Proxy.newProxyInstance(
                    SecondSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            heard((int) signal.getMethod("getNumber").invoke(arguments[0]));
                        }
                        return switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            case "toString" -> "the second signal";
                            default -> null;
                        };
                    });
            for (String name : List.of("TERM", "INT")) {
                Object _ = signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), hears);
            }
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.FINE, "a second signal is passed over", e);
        }
    }

    private static void heard(int signal) {
        if (FIRST.compareAndSet(false, true)) {
            // It returns when all is closed, and the next signal must be heard meanwhile.
            Thread _ = Thread.ofPlatform().name("stop").start(() -> System.exit(BASE + signal));
        } else {
            Runtime.getRuntime().halt(BASE + signal);
        }
    }
}
