package org.tallystick.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.hyperledger.fabric.shim.ChaincodeBase;
import org.hyperledger.fabric.shim.ChaincodeStub;
import org.junit.jupiter.api.Test;

class ShimLoggingTest {
    /// A chaincode that does to the logging of the process what the shim's router does.
    private static final class LoudChaincode extends ChaincodeBase {
        LoudChaincode() {
            initializeLogging();
        }

        @Override
        public Response init(ChaincodeStub stub) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Response invoke(ChaincodeStub stub) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void a_chaincode_that_takes_the_logging_over_gives_it_back() {
        var formatter = new Formatter() {
            @Override
            public String format(LogRecord logged) {
                return "";
            }
        };
        var handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {}

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setFormatter(formatter);
        handler.setLevel(Level.SEVERE);
        Logger root = Logger.getLogger("");
        root.addHandler(handler);
        Logger shim = Logger.getLogger("org.hyperledger.fabric.shim");
        Level before = shim.getLevel();
        try {
            var _ = ShimLogging.keptWhile(LoudChaincode::new);

            assertThat(handler.getFormatter()).isSameAs(formatter);
            assertThat(handler.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(shim.getLevel()).isEqualTo(before);
            assertThat(System.getProperty("java.util.logging.SimpleFormatter.format"))
                    .isNull();
        } finally {
            root.removeHandler(handler);
        }
    }
}
