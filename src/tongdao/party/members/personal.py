from tongdao.foundation.personal import holds
from tongdao.party.members.models import Member

holds(Member, "kept", shows=("joined_at",))
