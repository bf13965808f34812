package org.tallystick.fabric.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.tallystick.agreement.json.Json;
import org.tallystick.fabric.docker.Engine;
import org.tallystick.fabric.docker.Images;
import org.tallystick.fabric.files.OwnerFiles;
import org.tallystick.fabric.lifecycle.Code;
import org.tallystick.fabric.node.NodeException;
import org.tallystick.ledger.cli.CommandFailure;
import org.tallystick.ledger.cli.Shell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "images",
        description = {
            "Builds our Docker images, of the chaincode and of the gateway, from the jars that this program runs on.",
            "The tag is a version that follows from every byte of them."
        },
        footerHeading = "%nExample:%n",
        footer = "  tally network images --base-image eclipse-temurin:25-jre")
final class ImagesCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private ImageOptions options = new ImageOptions();

    ImagesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, CommandFailure, InterruptedException {
        Images images = options.over(Images.USUAL);
        Path work = Files.createTempDirectory("tallystick-images");
        try {
            Engine engine = Engine.find(System.getenv());
            Code chaincode = Code.ofThisProgram(work.resolve("chaincode"));
            images.buildChaincode(engine, chaincode, work);
            String gateway = images.buildGateway(engine, Code.wholeProgram(work.resolve("gateway")), work);
            List<String> built = List.of(images.of(chaincode), gateway);
            if (shell.json()) {
                shell.print(Json.object().with("images", Json.texts(built)).build());
            } else {
                built.forEach(shell.out()::println);
            }
            return 0;
        } catch (NodeException e) {
            throw Site.failure(e);
        } finally {
            OwnerFiles.delete(work);
        }
    }
}
