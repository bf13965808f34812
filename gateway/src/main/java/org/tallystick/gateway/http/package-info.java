/// What others see of the gateway: one class for each route, all of them listed in
/// [org.tallystick.gateway.http.Routes], built from the contract `openapi.json`.
@NullMarked
package org.tallystick.gateway.http;

import org.jspecify.annotations.NullMarked;
