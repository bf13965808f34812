@NullMarked
package org.tallystick.gateway.http;

import org.jspecify.annotations.NullMarked;
