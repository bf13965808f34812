@NullMarked
package org.tallystick.gateway.configuration;

import org.jspecify.annotations.NullMarked;
