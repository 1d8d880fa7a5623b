from tongdao.foundation.personal import holds
from tongdao.party.members.models import Member, MemberConsent, MemberMerge, NoticeChoice

holds(Member, "kept", shows=("joined_at",))
holds(MemberMerge, "kept", shows=("merged_at", "parted_at"))
holds(MemberConsent, "kept", shows=("purpose", "given", "version", "face", "at"))
holds(NoticeChoice, "kept", shows=("purpose", "channel", "wanted", "face", "at"))
