#!/bin/bash
postconf -e smtpd_hard_error_limit=5
