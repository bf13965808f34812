/// The channel's configuration: what it is, how members change it together, and what became of it over time. Begin
/// with [ChannelUpdate].
@NullMarked
package org.tallystick.fabric.channel;

import org.jspecify.annotations.NullMarked;
