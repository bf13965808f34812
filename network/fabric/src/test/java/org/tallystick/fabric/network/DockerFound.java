package org.tallystick.fabric.network;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.tallystick.fabric.docker.Engine;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.node.Binaries;
import org.tallystick.fabric.node.NodeException;

/// Runs a test class where a Docker engine has the images that nodes are made from, since none is downloaded; elsewhere
/// the table of `./scripts/test` says that it did not run and why.
public final class DockerFound implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("its class was asked");
        }
        try {
            return lacking(System.getenv(), Images.USUAL)
                    .map(ConditionEvaluationResult::disabled)
                    .orElseGet(() -> ConditionEvaluationResult.enabled("an engine has the images"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine was asked", e);
        }
    }

    static Optional<String> lacking(Map<String, String> environment, Images images) throws InterruptedException {
        if (Binaries.find(environment).isEmpty()) {
            return Optional.of("Docker: Fabric's programs were not found, which admins work with");
        }
        try {
            Engine engine = Engine.find(environment);
            for (String image : List.of(images.peer(), images.orderer(), images.base())) {
                if (!engine.has(image)) {
                    return Optional.of("Docker: the engine has no image " + image);
                }
            }
            return Optional.empty();
        } catch (NodeException e) {
            return Optional.of("Docker: " + e.getMessage());
        }
    }
}
