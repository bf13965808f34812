/// What an operator says of a gateway, in one file: read with all that is wrong in it, and told again.
///
/// Start at [org.tallystick.gateway.configuration.ConfigurationFile]; `gateway.schema.json` beside it says the same for
/// editors and programs.
@NullMarked
package org.tallystick.gateway.configuration;

import org.jspecify.annotations.NullMarked;
