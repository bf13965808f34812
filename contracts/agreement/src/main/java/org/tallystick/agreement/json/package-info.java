/// Strict JSON: a value model, a reader that takes nothing for granted, and the one canonical spelling (RFC 8785).
///
/// What is signed or settled is read here and nowhere else. Start at [org.tallystick.agreement.json.JsonReader].
@NullMarked
package org.tallystick.agreement.json;

import org.jspecify.annotations.NullMarked;
