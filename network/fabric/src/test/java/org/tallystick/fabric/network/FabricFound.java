package org.tallystick.fabric.network;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.tallystick.fabric.node.Binaries;

/// Runs a test class where Fabric's programs are; elsewhere the table of `./scripts/test` says that it did not run.
///
/// An assumption in `@BeforeAll` would not do: Surefire's report of the class is empty then.
public final class FabricFound implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return lacking(System.getenv())
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("Fabric's programs are here"));
    }

    static Optional<String> lacking(Map<String, String> environment) {
        return Binaries.find(environment).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "Fabric: its programs were not found; " + String.join(", or ", Binaries.ways(environment)));
    }
}
