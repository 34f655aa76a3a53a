import java.nio.file.Path;
import java.util.List;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilders;

/** A Community server with Neo4j Browser and APOC: working folder, plugins, ports of Bolt and HTTP; without a password. */
public class Full {
    public static void main(String[] args) throws Exception {
        SocketAddress bolt = new SocketAddress("127.0.0.1", Integer.parseInt(args[2]));
        SocketAddress http = new SocketAddress("127.0.0.1", Integer.parseInt(args[3]));
        Neo4j server = Neo4jBuilders.newInProcessBuilder(Path.of(args[0]))
                .withConfig(BoltConnector.enabled, true)
                .withConfig(BoltConnector.listen_address, bolt)
                .withConfig(BoltConnector.advertised_address, bolt)
                .withConfig(HttpConnector.enabled, true)
                .withConfig(HttpConnector.listen_address, http)
                .withConfig(HttpConnector.advertised_address, http)
                .withConfig(GraphDatabaseSettings.plugin_dir, Path.of(args[1]))
                .withConfig(GraphDatabaseSettings.procedure_unrestricted, List.of("apoc.*"))
                .build();
        System.out.println("ready");
        while (System.in.read() >= 0) { }
        server.close();
    }
}
