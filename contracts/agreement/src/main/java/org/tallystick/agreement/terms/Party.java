package org.tallystick.agreement.terms;

import java.util.Optional;

/// Who the terms speak of, by the id they give him.
///
/// @param name shown in the rendered text; the id unless the document says otherwise
public record Party(String id, String name, Optional<String> role) {}
