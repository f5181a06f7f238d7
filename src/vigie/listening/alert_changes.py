"""What people change about being warned: alerts by right and in the log; their own ways by themselves."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from vigie.errors import ListeningError
from vigie.http.targets import check_target
from vigie.listening.models import Alert, AlertSent, Listener, Query
from vigie.register import log
from vigie.register.models import Person
from vigie.register.rights import COMMAND_LINE, WRITE_LISTENING, Author, require
from vigie.words import LANGUAGES, _
