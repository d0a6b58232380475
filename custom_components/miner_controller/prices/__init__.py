"""One electricity tariff as a service device."""
