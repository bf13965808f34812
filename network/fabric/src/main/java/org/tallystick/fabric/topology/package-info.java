/// A network as data: which members there are, which nodes they run, where those listen, how blocks are made and
/// ordered. Begin with [Topology]; [TopologyFile] reads one, and names every place that is wrong.
@NullMarked
package org.tallystick.fabric.topology;

import org.jspecify.annotations.NullMarked;
