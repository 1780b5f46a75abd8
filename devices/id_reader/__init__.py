"""ID-card reader (第二代居民身份证阅读器) that speaks SAM_V over a serial line."""
